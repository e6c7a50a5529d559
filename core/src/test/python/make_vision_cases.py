"""Writes golden cases of kind `vision` for experts that timm and transformers have.

    pip install torch timm==1.0.31 transformers==4.57.6 safetensors
    python make_vision_cases.py FOLDER eva-clip internvit clip
    pip install transformers==4.44.2
    python make_vision_cases.py FOLDER dinov2

FOLDER is core/src/test/resources/golden/vision. The reference pins the older transformers, and DINOv2 is the expert for
which it matters: later ones resample its positions by the sizes' ratio, without the 0.1 in the factor. Models are tiny, their weights random from a fixed seed and rounded to
bfloat16; they compute in float32, and in float64 to tell the error. Where both libraries have a model, or two layouts of
names are in use, they are compared here, and a difference ends the script. The cases of CLIP share the weights that lie
in clip-448 already."""

import argparse
import json
import pathlib

import timm
import torch
import transformers
from safetensors.torch import load_file, save_file
from timm.models.eva import checkpoint_filter_fn

WIDTH, PATCH, BLOCKS, MLP = 64, 8, 2, 64
TOLERANCE, CLOSE = 5e-5, 2e-5

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=pathlib.Path)
arguments.add_argument("experts", nargs="+", choices=["eva-clip", "internvit", "clip", "dinov2"])
options = arguments.parse_args()
folder = options.folder


def golden_image(seed, size):
    """The formula golden-image-v1: [1, 3, size, size]."""
    i = torch.arange(3 * size * size, dtype=torch.int64)
    noise = ((i * 2654435761 + seed * 40503) % 2**32).double() / 2**32 * 2 - 1
    x, y, c = i % size, i // size % size, i // (size * size)

    def tri(t, p):
        m = t % p
        return torch.where(m < p // 2, m, p - m).double() / (p // 2) * 2 - 1

    value = 0.5 * noise + 0.5 * tri(x + 17 * c + 3 * seed, 96) + 0.5 * tri(2 * y + x + 29 * c, 160)
    return value.float().reshape(1, 3, size, size)


def randomised(model, seed):
    """Gives every parameter a value that shows in the output; bfloat16 holds it exactly."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.named_parameters():
        draw = torch.randn(value.shape, generator=generator)
        if value.dim() == 1 and not name.endswith("bias"):
            draw = (0.3 if "gamma" in name or "lambda" in name else 1) + 0.1 * draw
        elif value.dim() == 1:
            draw = 0.2 * draw
        elif "token" in name or "pos" in name:
            draw = 0.3 * draw
        else:
            draw = draw / value[0].numel() ** 0.5
        value.data = draw.bfloat16().float()
    return model.eval()


@torch.no_grad()
def stages(model, blocks, run, pixels):
    """`run` gives [B, N, C]; what enters the first of `blocks` and what the first gives are kept beside it."""
    seen = {}

    def entering(_, args, kwargs):
        seen["embeddings"] = args[0] if args else kwargs["hidden_states"]

    def leaving(_, args, kwargs, output):
        seen["block_0"] = output[0] if isinstance(output, tuple) else output

    handles = [
        blocks[0].register_forward_pre_hook(entering, with_kwargs=True),
        blocks[0].register_forward_hook(leaving, with_kwargs=True),
    ]
    seen["output"] = run(model, pixels)
    for handle in handles:
        handle.remove()
    return seen


def write(case, expert, seed, size, model, blocks, run, weights, note):
    """A case: `weights` are tensors to be stored, or the name of the case that stores them."""
    pixels = golden_image(seed, size)
    expected = stages(model, blocks, run, pixels)
    exact = stages(model.double(), blocks, run, pixels.double())
    model.float()
    error = max((expected[name] - exact[name]).abs().max().item() for name in expected)
    assert error < TOLERANCE / 5, (case, error)
    place = folder / case
    place.mkdir(parents=True, exist_ok=True)
    kept = {name if name == "output" and size <= 80 else name + "_slice": value for name, value in expected.items()}
    kept = {name: (value[:, 3::17] if name.endswith("_slice") else value).contiguous() for name, value in kept.items()}
    if expert == "clip":  # names and rows of the other case of CLIP
        kept["pre_norm_slice"] = kept.pop("embeddings_slice")
    save_file(kept, place / "expected.safetensors")
    about = {
        "kind": "vision",
        "case": case,
        "expert": expert,
        "image": {"formula": "golden-image-v1", "seed": seed, "size": size},
        "output_shape": list(expected["output"].shape),
        "slices": "tokens 3::17 of [B, N, C]; embeddings and block_0 with the class token, if there is one",
        "note": note,
        "fp32_vs_fp64": error,
        "atol": {"output": TOLERANCE, "stages": TOLERANCE},
    }
    if isinstance(weights, str):
        about["weights"] = f"../{weights}/weights.safetensors"
    else:
        save_file({k: v.bfloat16().contiguous() for k, v in weights.items()}, place / "weights.safetensors")
    (place / "case.json").write_text(json.dumps(about, indent=1) + "\n")
    print(f"{case}: {list(expected['output'].shape)}, float32 against float64 {error:.1e}")


def same(what, a, b):
    difference = (a - b).abs().max().item()
    assert difference < CLOSE, (what, difference)
    print(f"{what}: {difference:.1e} apart")


def behind_class_token(tokens):
    return tokens[:, 1:]


def eva_clip():
    """timm's model, stored under timm's names; the authors' names lead to the same through timm's conversion."""

    def make(size, **more):
        sizes = dict(embed_dim=WIDTH, depth=BLOCKS, num_heads=1, patch_size=PATCH, mlp_ratio=1.25, img_size=size)
        return timm.create_model("eva02_large_patch14_clip_336", num_classes=8, **sizes, **more)

    def run(model, pixels):
        return behind_class_token(model.forward_features(pixels))

    model = randomised(make(64), 31)
    weights = model.state_dict()
    note = "timm's names; output behind the final norm, without the class token"
    write("eva-clip-64", "eva-clip", 31, 64, model, model.blocks, run, weights, note)

    other = make(64, dynamic_img_size=True).eval()
    other.load_state_dict(weights)
    note = "a 10 x 10 grid on positions of an 8 x 8 one"
    write("eva-clip-80", "eva-clip", 32, 80, other, other.blocks, run, "eva-clip-64", note)

    def authors(name):
        for ours, theirs in [
            ("attn.q_proj.bias", "attn.q_bias"),
            ("attn.v_proj.bias", "attn.v_bias"),
            ("attn.norm", "attn.inner_attn_ln"),
            ("mlp.fc1_g", "mlp.w1"),
            ("mlp.fc1_x", "mlp.w2"),
            ("mlp.norm", "mlp.ffn_ln"),
            ("mlp.fc2", "mlp.w3"),
        ]:
            name = name.replace(ours, theirs)
        return "visual." + name

    released = {authors(name): value for name, value in weights.items()}
    assert checkpoint_filter_fn(released, make(64)).keys() == weights.keys()
    again = make(64).eval()
    again.load_state_dict(checkpoint_filter_fn(released, again))
    with torch.no_grad():
        pixels = golden_image(31, 64)
        same("EVA-CLIP by the authors' names", run(again, pixels), run(model, pixels))


def internvit_names(model):
    """The authors' names of transformers' tensors; query, key and value are one."""
    tensors = {}
    for name, value in model.state_dict().items():
        if ".attention.q_proj." in name:
            name, parts = name.replace("attention.q_proj", "attention.qkv"), [value]
            parts += [model.state_dict()[name.replace("qkv", f"{other}_proj")] for other in "kv"]
            value = torch.cat(parts)
        elif ".attention.k_proj." in name or ".attention.v_proj." in name:
            continue
        for theirs, ours in [
            ("embeddings.cls_token", "embeddings.class_embedding"),
            ("embeddings.patch_embeddings.projection", "embeddings.patch_embedding"),
            ("embeddings.position_embeddings", "embeddings.position_embedding"),
            ("encoder.layer.", "encoder.layers."),
            ("attention.projection_layer", "attn.proj"),
            ("attention.", "attn."),
            ("layernorm_before", "norm1"),
            ("layernorm_after", "norm2"),
            ("lambda_", "ls"),
        ]:
            name = name.replace(theirs, ours)
        tensors[name] = value
    return tensors


def internvit():
    """transformers' model, stored under the authors' names; timm's model of the plain form agrees."""
    from transformers.models.internvl.modeling_internvl import InternVLVisionModel  # later than the pinned release

    def run(model, pixels):
        return behind_class_token(model(pixels).last_hidden_state)

    def make(seed, width, blocks, mlp, normed):
        config = transformers.InternVLVisionConfig(
            hidden_size=width,
            num_hidden_layers=blocks,
            num_attention_heads=width // 64,
            intermediate_size=mlp,
            image_size=64,
            patch_size=PATCH,
            attention_bias=not normed,
            use_qk_norm=normed,
            norm_type="rms_norm" if normed else "layer_norm",
            use_mean_pooling=True,
            attn_implementation="eager",
        )
        return randomised(InternVLVisionModel(config), seed)

    plain = make(33, WIDTH, BLOCKS, MLP, False)
    weights = internvit_names(plain)
    note = "the form of 300M: layer norms; last hidden state without the class token"
    write("internvit-64", "internvit", 33, 64, plain, plain.encoder.layer, run, weights, note)
    note = "a 6 x 6 grid on positions of an 8 x 8 one"
    write("internvit-48", "internvit", 34, 48, plain, plain.encoder.layer, run, "internvit-64", note)

    normed = make(35, 2 * WIDTH, 1, 16, True)
    note = "the form of 6B: root-mean-square norms, queries and keys normalised over both heads"
    write("internvit-normed-64", "internvit", 35, 64, normed, normed.encoder.layer, run, internvit_names(normed), note)

    sizes = dict(embed_dim=WIDTH, depth=BLOCKS, num_heads=1, patch_size=PATCH, img_size=64)
    other = timm.create_model("vit_intern300m_patch14_448", num_classes=0, mlp_ratio=MLP / WIDTH, **sizes).eval()
    renamed = {}
    for name, value in weights.items():
        for theirs, ours in [
            ("embeddings.class_embedding", "cls_token"),
            ("embeddings.patch_embedding", "patch_embed.proj"),
            ("embeddings.position_embedding", "pos_embed"),
            ("encoder.layers", "blocks"),
            ("ls1", "ls1.gamma"),
            ("ls2", "ls2.gamma"),
        ]:
            name = name.replace(theirs, ours)
        renamed[name] = value
    other.load_state_dict(renamed)
    with torch.no_grad():
        pixels = golden_image(33, 64)
        same("InternViT by timm", behind_class_token(other.forward_features(pixels)), run(plain, pixels))


def clip():
    """Eagle's form at the size that the positions were trained on."""
    weights = load_file(folder / "clip-448" / "weights.safetensors")
    mlp, width = weights["vision_model.encoder.layers.0.mlp.fc1.weight"].shape
    config = transformers.CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=mlp,
        num_hidden_layers=sum(name.endswith("layer_norm1.weight") for name in weights),
        num_attention_heads=width // 64,
        image_size=336,
        patch_size=14,
        attn_implementation="eager",
    )
    model = transformers.CLIPVisionModel(config).eval()
    missing = model.load_state_dict({name: value.float() for name, value in weights.items()}, strict=False).missing_keys
    assert not missing, missing

    def run(model, pixels):
        vision = model.vision_model
        tokens = vision.pre_layrnorm(behind_class_token(vision.embeddings(pixels)))
        return vision.encoder(inputs_embeds=tokens).last_hidden_state

    note = "all layers, class token removed before the first norm, no final norm"
    write("clip-336", "clip", 11, 336, model, model.vision_model.encoder.layers, run, "clip-448", note)


def dinov2():
    config = transformers.Dinov2Config(
        hidden_size=WIDTH,
        num_hidden_layers=BLOCKS,
        num_attention_heads=1,
        mlp_ratio=1,
        image_size=13 * PATCH,
        patch_size=PATCH,
        attn_implementation="eager",
    )
    model = randomised(transformers.Dinov2Model(config), 36)

    def run(model, pixels):
        return behind_class_token(model(pixels).last_hidden_state)

    note = "a 12 x 12 grid on positions of a 13 x 13 one; output behind the final norm, without the class token"
    write("dinov2-96", "dinov2", 36, 96, model, model.encoder.layer, run, model.state_dict(), note)


for expert in options.experts:
    {"eva-clip": eva_clip, "internvit": internvit, "clip": clip, "dinov2": dinov2}[expert]()

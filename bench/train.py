#!/usr/bin/env python3
"""Times one step of training in Aerie and in PyTorch, alternating, and prints a table.

    pip install -r bench/requirements.txt
    python bench/train.py CHECKPOINT [--dtype float32,bfloat16] [--batch 32] [--rounds 3] [--profile]

Both sides open the same checkpoint of the mixture and train everything on the same made-up batch: pictures, a prompt,
and questions as turns that do not see each other. The PyTorch side is plain eager code over the checkpoint's names,
with its own fused attention and its own fused AdamW over float32 master weights. That the losses of the first two steps
agree shows that both do the same work.
"""
import argparse
import collections
import json
import math
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import torch
from safetensors import safe_open
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
DEVIATION = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)
PROMPT, TURNS, ASKED, ANSWERED = 8, 8, 9, 5


class Names:
    """A checkpoint's tensors below a prefix."""

    def __init__(self, tensors, prefix=""):
        self.tensors, self.prefix = tensors, prefix

    def at(self, name):
        return Names(self.tensors, f"{self.prefix}{name}.")

    def __getitem__(self, name):
        return self.tensors[self.prefix + name]

    def __contains__(self, name):
        return self.prefix + name in self.tensors

    def blocks(self, name, some):
        i = 0
        while f"{name}.{i}.{some}" in self:
            yield self.at(f"{name}.{i}")
            i += 1


def linear(p, x):
    return F.linear(x, p["weight"], p["bias"] if "bias" in p else None)


def norm(p, x, epsilon):
    return F.layer_norm(x, x.shape[-1:], p["weight"], p["bias"], epsilon)


def rms(p, x, epsilon):
    wide = x.float()
    return p["weight"] * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + epsilon)).to(x.dtype)


def split(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attend(q, k, v, mask=None, scale=None):
    """Attention of [B, H, T, D] in float32, which is faster here than bfloat16."""
    q, k, v = q.float(), k.float(), v.float()
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=scale).transpose(1, 2).flatten(2)


def aligned(x, side):
    return F.interpolate(x, size=(side, side), mode="bilinear", align_corners=True)


def resampled(table, side, antialias):
    """Positions [N, C] on another grid."""
    own = math.isqrt(len(table))
    if own == side:
        return table
    grid = table.float().T.reshape(1, -1, own, own)
    return F.interpolate(grid, size=(side, side), mode="bicubic", antialias=antialias).flatten(2)[0].T.to(table.dtype)


def clip(p, x):
    p = p.at("vision_model")
    patch = p["embeddings.patch_embedding.weight"]
    x = F.conv2d(x, patch, stride=patch.shape[-1])
    side = x.shape[-1]
    x = x.flatten(2).transpose(1, 2) + resampled(p["embeddings.position_embedding.weight"][1:], side, True)
    x = norm(p.at("pre_layrnorm"), x, 1e-5)
    heads = x.shape[-1] // 64
    for b in p.blocks("encoder.layers", "layer_norm1.weight"):
        y, a = norm(b.at("layer_norm1"), x, 1e-5), b.at("self_attn")
        y = attend(*(split(linear(a.at(f"{n}_proj"), y), heads) for n in "qkv")).to(x.dtype)
        x = x + linear(a.at("out_proj"), y)
        y = linear(b.at("mlp.fc1"), norm(b.at("layer_norm2"), x, 1e-5))
        x = x + linear(b.at("mlp.fc2"), y * torch.sigmoid(1.702 * y))
    return x.transpose(1, 2).unflatten(2, (side, side))


def convnext(p, x):
    x = F.conv2d(x, p["stem.0.weight"], p["stem.0.bias"], stride=4).permute(0, 2, 3, 1)
    x = norm(p.at("stem.1"), x, 1e-5)
    for s in p.blocks("stages", "blocks.0.norm.weight"):
        if "downsample.1.weight" in s:
            x = norm(s.at("downsample.0"), x, 1e-5).permute(0, 3, 1, 2)
            x = F.conv2d(x, s["downsample.1.weight"], s["downsample.1.bias"], stride=2).permute(0, 2, 3, 1)
        for b in s.blocks("blocks", "norm.weight"):
            y = x.permute(0, 3, 1, 2)
            y = F.conv2d(y, b["conv_dw.weight"], b["conv_dw.bias"], padding=3, groups=y.shape[1]).permute(0, 2, 3, 1)
            y = linear(b.at("mlp.fc2"), F.gelu(linear(b.at("mlp.fc1"), norm(b.at("norm"), y, 1e-5))))
            x = x + y * b["weight"]
    return x.permute(0, 3, 1, 2)


def windows(x, window):
    b, h, w, c = x.shape
    x = F.pad(x, (0, 0, 0, -w % window, 0, -h % window))
    rows, columns = x.shape[1] // window, x.shape[2] // window
    return x.unflatten(1, (rows, window)).unflatten(3, (columns, window)).transpose(2, 3).flatten(0, 2), (b, h, w, rows, columns)


def joined(x, shape):
    b, h, w, rows, columns = shape
    x = x.unflatten(0, (b, rows, columns)).transpose(2, 3)
    return x.flatten(3, 4).flatten(1, 2)[:, :h, :w]


def sam(p, x):
    patch = p.at("patch_embed.projection")
    x = F.conv2d(x, patch["weight"], patch["bias"], stride=patch["weight"].shape[-1]).permute(0, 2, 3, 1)
    x = x + p["pos_embed"]
    side, heads = x.shape[1], x.shape[-1] // 64
    for b in p.blocks("layers", "layer_norm1.weight"):
        y, a = norm(b.at("layer_norm1"), x, 1e-6), b.at("attn")
        span = (a["rel_pos_h"].shape[0] + 1) // 2
        shape = None
        if span != side:
            y, shape = windows(y, span)
        n, flat = len(y), y.flatten(1, 2)
        q, k, v = linear(a.at("qkv"), flat).unflatten(-1, (3, heads, 64)).float().permute(2, 0, 3, 1, 4)
        away = torch.arange(span)[:, None] - torch.arange(span)[None] + span - 1
        grid = q.unflatten(2, (span, span))
        rows = torch.einsum("bhyxd,ykd->bhyxk", grid, a["rel_pos_h"].float()[away])
        columns = torch.einsum("bhyxd,xkd->bhyxk", grid, a["rel_pos_w"].float()[away])
        bias = (rows[..., :, None] + columns[..., None, :]).flatten(4).flatten(2, 3)
        y = linear(a.at("proj"), attend(q, k, v, bias).to(x.dtype)).view(n, span, span, -1)
        x = x + (joined(y, shape) if shape else y)
        x = x + linear(b.at("mlp.lin2"), F.gelu(linear(b.at("mlp.lin1"), norm(b.at("layer_norm2"), x, 1e-6))))
    x = F.conv2d(x.permute(0, 3, 1, 2), p["neck.conv1.weight"]).permute(0, 2, 3, 1)
    return F.pixel_unshuffle(norm(p.at("neck.layer_norm1"), x, 1e-6).permute(0, 3, 1, 2), 2)


def plane(side, trained):
    turns = (trained / side * 1e4 ** -(torch.arange(16) / 16)).repeat_interleave(2)
    at = torch.arange(side)[:, None] * turns
    angles = torch.cat((at[:, None].expand(-1, side, -1), at[None].expand(side, -1, -1)), -1).flatten(0, 1)
    return angles.cos(), angles.sin()


def rotate_pairs(x, angles):
    x = x.float()
    return x * angles[0] + torch.stack((-x[..., 1::2], x[..., ::2]), -1).flatten(-2) * angles[1]


def det(p, x):
    patch = p.at("patch_embed.proj")
    x = F.conv2d(x, patch["weight"], patch["bias"], stride=patch["weight"].shape[-1]).permute(0, 2, 3, 1)
    side, width = x.shape[1], x.shape[-1]
    x = x + resampled(p["pos_embed"][0, 1:], side, False).view(side, side, width)
    for i, b in enumerate(p.blocks("blocks", "norm1.weight")):
        y, a, shape = norm(b.at("norm1"), x, 1e-6), b.at("attn"), None
        if i % 3 != 2 and side > 16:
            y, shape = windows(y, 16)
        n, own, flat = len(y), y.shape[1], y.flatten(1, 2)
        angles = plane(own, 16)
        q = F.linear(flat, a["q_proj.weight"], a["q_bias"])
        v = F.linear(flat, a["v_proj.weight"], a["v_bias"])
        q, k, v = (split(z, width // 64) for z in (q, linear(a.at("k_proj"), flat), v))
        y = attend(rotate_pairs(q, angles), rotate_pairs(k, angles), v).to(x.dtype)
        y = linear(a.at("proj"), y).view(n, own, own, width)
        x = x + (joined(y, shape) if shape else y)
        y, m = norm(b.at("norm2"), x, 1e-6), b.at("mlp")
        x = x + linear(m.at("w3"), norm(m.at("ffn_ln"), F.silu(linear(m.at("w1"), y)) * linear(m.at("w2"), y), 1e-6))
    return x.permute(0, 3, 1, 2)


def pix2struct(p, x):
    places = p["embeddings.row_embedder.weight"].shape[0]
    side = int(math.sqrt(min(2048, (places - 1) ** 2)))
    dtype = x.dtype
    x = ((x * DEVIATION.to(dtype) + MEAN.to(dtype)) * 255).float()
    flat = x.flatten(1)
    least = flat.shape[1] ** -0.5
    x = (x - flat.mean(1).view(-1, 1, 1, 1)) / flat.std(1, correction=0).clamp(min=least).view(-1, 1, 1, 1)
    x = F.interpolate(x, size=(16 * side, 16 * side), mode="bilinear", antialias=True)
    x = x.unflatten(2, (side, 16)).unflatten(4, (side, 16)).permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2).to(dtype)
    at = torch.arange(side) + 1
    e = p.at("embeddings")
    x = linear(e.at("patch_projection"), x)
    x = x + F.embedding(at.repeat_interleave(side), e["row_embedder.weight"])
    x = x + F.embedding(at.repeat(side), e["column_embedder.weight"])
    heads = x.shape[-1] // 64
    for b in p.blocks("encoder.layer", "mlp.wo.weight"):
        y, a = rms(b.at("pre_attention_layer_norm"), x, 1e-6), b.at("attention")
        y = attend(*(split(linear(a.at(n), y), heads) for n in ("query", "key", "value")), scale=1.0).to(dtype)
        x = x + linear(a.at("output"), y)
        y, m = rms(b.at("pre_mlp_layer_norm"), x, 1e-6), b.at("mlp")
        x = x + linear(m.at("wo"), F.gelu(linear(m.at("wi_0"), y), approximate="tanh") * linear(m.at("wi_1"), y))
    return rms(p.at("layernorm"), x, 1e-6).transpose(1, 2).unflatten(2, (side, side))


EXPERTS = {"clip": clip, "convnext": convnext, "sam": sam, "det": det, "pix2struct": pix2struct}


class Model:
    def __init__(self, folder, dtype):
        self.config = json.loads((folder / "config.json").read_text())
        stored = {}
        for path in sorted(folder.glob("*.safetensors")):
            with safe_open(path, "pt") as file:
                stored |= {name: file.get_tensor(name).float() for name in file.keys()}
        fixed = ("freqs_", ".head.")
        self.master = {n: t for n, t in stored.items() if not any(f in n for f in fixed)}
        self.working = {n: (t if dtype == torch.float32 else t.to(dtype)).requires_grad_() for n, t in self.master.items()}
        for t in self.master.values() if dtype != torch.float32 else ():
            t.grad = torch.zeros_like(t)
        self.optimiser = torch.optim.AdamW(self.master.values(), lr=1e-4, betas=(0.9, 0.98), weight_decay=0.02, fused=True)
        self.p, self.dtype = Names(self.working), dtype
        self.grid = self.config.get("mm_vision_grid", 32)
        self.inputs = self.config.get("mm_expert_inputs", {})
        self.side = self.config.get("mm_vision_input", 1024)

    def see(self, pixels):
        maps = []
        for i, tower in enumerate(self.config["mm_vision_tower"].split(";")):
            side = self.inputs.get(tower, 336 if tower == "clip-448" else 1024)
            x = EXPERTS[tower.split("-")[0]](
                self.p.at(f"model.vision_tower.vision_towers.{i}.vision_tower"), aligned(pixels, side))
            maps.append(x if x.shape[-1] == self.grid else aligned(x, self.grid))
        x, p, i = torch.cat(maps, 1).flatten(2).transpose(1, 2), self.p.at("model.mm_projector"), 0
        while f"{i}.weight" in p:
            if p[f"{i}.weight"].dim() == 1:
                x = rms(p.at(f"{i}"), x, 1e-5)
            else:
                x = linear(p.at(f"{i}"), F.gelu(x) if i else x)
            i += 2 if f"{i + 2}.weight" in p else 1
        return x

    def hidden(self, pixels, words, positions, mask):
        config, model = self.config, self.p.at("model")
        text = F.embedding(words, model["embed_tokens.weight"])
        x = torch.cat((text[:, :PROMPT], self.see(pixels), text[:, PROMPT:]), 1)
        heads = config["num_attention_heads"]
        size = x.shape[-1] // heads
        theta = config.get("rope_theta", 1e4) ** -(torch.arange(0, size, 2) / size)
        angles = torch.cat((positions[:, None] * theta,) * 2, -1)
        cos, sin = angles.cos().to(self.dtype), angles.sin().to(self.dtype)

        def turn(y):
            half = torch.cat((-y[..., size // 2:], y[..., : size // 2]), -1)
            return y * cos + half * sin

        groups = heads // config.get("num_key_value_heads", heads)
        epsilon = config["rms_norm_eps"]
        for b in model.blocks("layers", "input_layernorm.weight"):
            y, a = rms(b.at("input_layernorm"), x, epsilon), b.at("self_attn")
            q = split(linear(a.at("q_proj"), y), heads)
            k, v = (split(linear(a.at(n), y), heads // groups).repeat_interleave(groups, 1) for n in ("k_proj", "v_proj"))
            x = x + linear(a.at("o_proj"), attend(turn(q), turn(k), v, mask).to(x.dtype))
            y, m = rms(b.at("post_attention_layernorm"), x, epsilon), b.at("mlp")
            x = x + linear(m.at("down_proj"), F.silu(linear(m.at("gate_proj"), y)) * linear(m.at("up_proj"), y))
        return rms(model.at("norm"), x, epsilon)

    def step(self, batch):
        pixels, words, positions, mask, rows, labels = batch
        chosen = self.hidden(pixels, words, positions, mask).flatten(0, 1)[rows]
        head = self.p["lm_head.weight"] if "lm_head.weight" in self.p else self.p["model.embed_tokens.weight"]
        loss = F.cross_entropy(F.linear(chosen, head).float(), labels)
        loss.backward()
        if self.dtype != torch.float32:
            for name, working in self.working.items():
                if working.grad is not None:
                    self.master[name].grad.copy_(working.grad)
        torch.nn.utils.clip_grad_norm_(self.master.values(), 1.0)
        self.optimiser.step()
        with torch.no_grad():
            for name, working in self.working.items() if self.dtype != torch.float32 else ():
                working.copy_(self.master[name])
        for working in self.working.values():
            working.grad = None
        return loss.item()

    def batch(self, size):
        """The made-up batch, in the same formulas as Aerie's."""
        b, c, y, x = (torch.arange(n) for n in (size, 3, self.side, self.side))
        bytes_ = (b.view(-1, 1, 1, 1) * 13 + c.view(-1, 1, 1) * 101 + y.view(-1, 1) * 31 + x * 17) % 256
        pixels = ((bytes_ / 255 - MEAN) / DEVIATION).to(self.dtype)
        length = PROMPT + TURNS * (ASKED + ANSWERED)
        vocabulary = self.config["vocab_size"]
        words = (b[:, None] * 7 + torch.arange(length) * 13) % (vocabulary // 2) + vocabulary // 4
        seen = self.grid**2
        prefix = PROMPT + seen
        turn = torch.cat((torch.zeros(prefix), torch.arange(TURNS).repeat_interleave(ASKED + ANSWERED) + 1))
        positions = torch.cat((torch.arange(prefix), prefix + torch.arange(ASKED + ANSWERED).repeat(TURNS)))
        n = len(turn)
        visible = torch.ones(n, n).tril().bool() & ((turn[None] == 0) | (turn[None] == turn[:, None]))
        mask = torch.zeros(n, n).masked_fill(~visible, -1e30).expand(size, 1, n, n).contiguous()
        learned = [prefix + t * (ASKED + ANSWERED) + ASKED + i for t in range(TURNS) for i in range(ANSWERED)]
        rows = torch.tensor([r * n + at - 1 for r in range(size) for at in learned])
        labels = words[:, [at - seen for at in learned]].flatten()
        return pixels, words, positions, mask, rows, labels


def torch_run(folder, dtype, size, steps, profile):
    model = Model(folder, getattr(torch, dtype))
    batch, losses, times = model.batch(size), [], []
    for _ in range(steps):
        start = time.perf_counter()
        losses.append(model.step(batch))
        times.append(time.perf_counter() - start)
    if profile:
        with torch.profiler.profile() as found:
            model.step(batch)
        print(found.key_averages().table(sort_by="self_cpu_time_total", row_limit=25, max_name_column_width=45))
    return losses, sorted(times[1:])[len(times[1:]) // 2]


def aerie_command(folder, dtype, size, steps, threads):
    return [str(ROOT / "aerie"), "bench", "--train", str(folder), "--json", "--dtype", dtype,
            "--batch", str(size), "--runs", str(steps), "--threads", str(threads)]


def aerie_run(*step):
    result = json.loads(subprocess.run(aerie_command(*step), check=True, capture_output=True, text=True).stdout)
    return result["losses"], result["seconds"]


def aerie_profile(folder, dtype, size, steps, threads):
    """Where our step's time goes, as Linux perf samples it: by library, and in libtorch by kernel. Many steps, so that
    the JVM's start counts for little."""
    # The JVM names its own compiled code when it ends; what has no name then was generated by oneDNN.
    env = os.environ | {"JAVA_TOOL_OPTIONS": "-XX:+UnlockDiagnosticVMOptions -XX:+DumpPerfMapAtExit"}
    others = set(Path("/tmp").glob("perf-*.map"))
    with tempfile.TemporaryDirectory() as at:
        file = f"{at}/perf.data"
        command = aerie_command(folder, dtype, size, 10 * steps, threads)
        subprocess.run(["perf", "record", "-q", "-F", "499", "-o", file, *command], check=True, capture_output=True, env=env)
        rows = subprocess.run(
            ["perf", "report", "-i", file, "-F", "sample,dso,sym", "-t", "\t", "--percent-limit", "0"],
            check=True, capture_output=True, text=True).stdout.splitlines()
    for names in set(Path("/tmp").glob("perf-*.map")) - others:
        names.unlink()
    samples = collections.Counter()
    for count, library, symbol in (row.split("\t", 2) for row in rows if row and row[0] != "#"):
        samples[part_of(library.strip(), symbol.strip())] += int(count)
    for part, count in samples.most_common(20):
        print(f"{100 * count / samples.total():6.1f} %  {part}")


def part_of(library, symbol):
    if library.startswith("[JIT]") or library.startswith("perf-") or library == "[unknown]":
        return "oneDNN's generated products" if symbol[4:].startswith("0x") else "the JVM's own compiled code"
    if not library.startswith("libtorch_cpu"):
        return library
    kernels = [k for k in re.findall(r"\w*(?:[kK]ernel|[sS]oftmax|upsample|Sleef|adam|vectorized)\w*", symbol)]
    return "libtorch: " + (kernels[-1] if kernels else "other")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path, nargs="+")
    parser.add_argument("--dtype", default="float32,bfloat16")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--profile", action="store_true", help="also print where PyTorch's time goes, and by Linux perf, where ours does")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {options.threads} threads, {options.batch} pictures a step;"
          f" best of {options.rounds} medians of {options.steps - 1} steps")
    print(f"{'checkpoint':24} {'dtype':9} {'aerie s':>8} {'torch s':>8} {'ratio':>6}  first losses")
    for folder in options.checkpoint:
        for dtype in options.dtype.split(","):
            ours = theirs = math.inf
            for i in range(options.rounds):
                own, seconds = aerie_run(folder, dtype, options.batch, options.steps, options.threads)
                ours = min(ours, seconds)
                other, seconds = torch_run(folder, dtype, options.batch, options.steps, options.profile and i == 0)
                theirs = min(theirs, seconds)
            if options.profile:
                aerie_profile(folder, dtype, options.batch, options.steps, options.threads)
            print(f"{folder.name:24} {dtype:9} {ours:8.3f} {theirs:8.3f} {ours / theirs:6.2f}  "
                  + " ".join(f"{a:.4f}/{b:.4f}" for a, b in zip(own[:2], other[:2])), flush=True)


if __name__ == "__main__":
    main()

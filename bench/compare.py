#!/usr/bin/env python3
"""Times each part of Eagle-X5-7B in Aerie and in PyTorch, alternating, and prints a table.

    pip install -r bench/requirements.txt
    python bench/compare.py [--dtype float32,bfloat16] [--part clip-448,...] [--rounds 2]

The PyTorch side is the plain eager form that the reference runs: transformers and timm for the experts they have, with
explicit softmax attention; EVA-02's layers written out here. Weights are random, widths the published ones. Both sides
use the same number of threads. The decoder runs two layers, multiplied to all of them, on both sides.
"""
import argparse
import json
import math
import os
import subprocess
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
PROMPT, LAYERS = 1100, 2
PARTS = ["clip-448", "convnext-1024", "sam-1024", "det-1024", "pix2struct-1024", "projector", "prefill", "decode"]


class EvaBlock(nn.Module):
    """EVA-02-L: rotary attention within 16 x 16 windows or over the whole 64 x 64 map, then SwiGLU."""

    def __init__(self, window):
        super().__init__()
        self.window = window
        self.norm1, self.norm2 = nn.LayerNorm(1024, eps=1e-6), nn.LayerNorm(1024, eps=1e-6)
        self.q, self.k, self.v, self.proj = (nn.Linear(1024, 1024) for _ in range(4))
        self.w1, self.w2, self.w3 = nn.Linear(1024, 2730), nn.Linear(1024, 2730), nn.Linear(2730, 1024)
        self.ffn_ln = nn.LayerNorm(2730, eps=1e-6)
        side = window or 64
        angles = torch.rand(side * side, 64)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def rotate(self, x):
        turned = torch.stack((-x[..., 1::2], x[..., ::2]), -1).flatten(-2)
        return x * self.cos + turned * self.sin

    def attend(self, x):
        b, h, w, c = x.shape
        x = x.reshape(b, h * w, c)
        q, k, v = (f(x).reshape(b, h * w, 16, 64).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = self.rotate(q), self.rotate(k)
        weights = ((q * 64**-0.5) @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, h, w, c))

    def forward(self, x):
        y = self.norm1(x)
        if self.window:
            n = 64 // self.window
            y = y.reshape(n, self.window, n, self.window, 1024).transpose(1, 2).reshape(n * n, self.window, self.window, 1024)
            y = self.attend(y).reshape(n, n, self.window, self.window, 1024).transpose(1, 2).reshape(1, 64, 64, 1024)
        else:
            y = self.attend(y)
        x = x + y
        y = self.norm2(x)
        return x + self.w3(self.ffn_ln(F.silu(self.w1(y)) * self.w2(y)))


class Eva(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 1024, 16, 16)
        self.blocks = nn.ModuleList(EvaBlock(0 if i % 3 == 2 else 16) for i in range(24))

    def forward(self, x):
        x = self.patch(x).permute(0, 2, 3, 1)
        for block in self.blocks:
            x = block(x)
        return x


def llama(dtype):
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=4096, intermediate_size=11008, num_hidden_layers=LAYERS, num_attention_heads=32,
        vocab_size=32000, rms_norm_eps=1e-5, attn_implementation="sdpa")
    return LlamaForCausalLM(config).to(dtype).eval()


def make(part, dtype):
    """A function that runs the part once, and how often its time counts."""
    if part == "clip-448":
        from transformers import CLIPVisionConfig, CLIPVisionModel

        config = CLIPVisionConfig(
            hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16,
            image_size=336, patch_size=14, projection_dim=768, attn_implementation="eager")
        model, x = CLIPVisionModel(config).to(dtype).eval(), torch.randn(1, 3, 336, 336, dtype=dtype)
        return lambda: model(x)
    if part == "convnext-1024":
        import timm

        model = timm.create_model("convnext_xxlarge", pretrained=False, norm_eps=1e-5).to(dtype).eval()
        x = torch.randn(1, 3, 1024, 1024, dtype=dtype)
        return lambda: model.forward_features(x)
    if part == "sam-1024":
        from transformers import SamVisionConfig
        from transformers.models.sam.modeling_sam import SamVisionEncoder

        config = SamVisionConfig(
            hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, global_attn_indexes=[5, 11, 17, 23],
            mlp_dim=4096)
        model, x = SamVisionEncoder(config).to(dtype).eval(), torch.randn(1, 3, 1024, 1024, dtype=dtype)
        return lambda: model(x)
    if part == "det-1024":
        model, x = Eva().to(dtype).eval(), torch.randn(1, 3, 1024, 1024, dtype=dtype)
        return lambda: model(x)
    if part == "pix2struct-1024":
        from transformers import Pix2StructVisionConfig, Pix2StructVisionModel

        config = Pix2StructVisionConfig(
            hidden_size=1536, d_ff=3968, num_hidden_layers=18, num_attention_heads=24, patch_embed_hidden_size=768)
        model = Pix2StructVisionModel(config).to(dtype).eval()
        patches = torch.zeros(1, 2048, 770)
        patches[:, :2025] = torch.randn(1, 2025, 770)
        patches[:, :2025, 0] = torch.arange(2025) // 45 + 1
        patches[:, :2025, 1] = torch.arange(2025) % 45 + 1
        mask = (torch.arange(2048) < 2025).float()[None]
        patches = patches.to(dtype)
        return lambda: model(flattened_patches=patches, attention_mask=mask)
    if part == "projector":
        model = nn.Sequential(nn.Linear(7680, 4096), nn.GELU(), nn.Linear(4096, 4096)).to(dtype)
        x = torch.randn(1, 1024, 7680, dtype=dtype)
        return lambda: model(x)
    model = llama(dtype)
    x = torch.randn(1, PROMPT, 4096, dtype=dtype)
    if part == "prefill":
        return lambda: model.model(inputs_embeds=x, use_cache=True)
    from transformers import DynamicCache

    cache = DynamicCache()
    model.model(inputs_embeds=x, past_key_values=cache, use_cache=True)

    def layers():
        model.model(input_ids=torch.tensor([[1]]), past_key_values=cache, use_cache=True)
        cache.crop(PROMPT)

    hidden = torch.randn(1, 4096, dtype=dtype)
    return layers, lambda: model.lm_head(hidden)


def best(work, runs):
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times[1:])


@torch.no_grad()
def torch_seconds(part, dtype, runs):
    work = make(part, dtype)
    if part == "decode":
        layers, head = work
        return best(layers, 8 * runs) * 32 / LAYERS + best(head, 8 * runs)
    return best(work, runs) * (32 / LAYERS if part == "prefill" else 1)


def aerie_seconds(part, dtype, runs, threads):
    command = [str(ROOT / "aerie"), "bench", "--json", "--part", part, "--dtype", dtype,
               "--runs", str(runs), "--threads", str(threads), "--prompt-tokens", str(PROMPT)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = json.loads(out)
    return result["seconds"], result["share_of_limit"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dtype", default="float32,bfloat16")
    parser.add_argument("--part", default=",".join(PARTS))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    print(f"torch {torch.__version__}, {options.threads} threads; best of {options.rounds} rounds of {options.runs} runs")
    print(f"{'part':16} {'dtype':9} {'aerie s':>9} {'torch s':>9} {'ratio':>6} {'of limit':>8}")
    totals = {}
    for dtype in options.dtype.split(","):
        for part in options.part.split(","):
            ours, theirs, share = math.inf, math.inf, 0.0
            for _ in range(options.rounds):
                seconds, of_limit = aerie_seconds(part, dtype, options.runs, options.threads)
                if seconds < ours:
                    ours, share = seconds, of_limit
                theirs = min(theirs, torch_seconds(part, getattr(torch, dtype), options.runs))
            print(f"{part:16} {dtype:9} {ours:9.3f} {theirs:9.3f} {ours / theirs:6.2f} {share:7.0%}", flush=True)
            if "-" in part:
                a, b = totals.get(dtype, (0, 0))
                totals[dtype] = (a + ours, b + theirs)
    for dtype, (ours, theirs) in totals.items():
        print(f"{'experts together':16} {dtype:9} {ours:9.3f} {theirs:9.3f} {ours / theirs:6.2f}")


if __name__ == "__main__":
    main()

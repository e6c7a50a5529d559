"""Writes the weight files under core/src/test/resources/weights and what they hold, expected.json.

Run from the root of the repository, with torch (2.6 or later) installed:
    python core/src/test/python/weights_fixtures.py
"""

import io
import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch

TARGET = Path("core/src/test/resources/weights")
MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": VERSION, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}

NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint64: "U64", torch.uint32: "U32", torch.uint16: "U16", torch.uint8: "U8", torch.bool: "BOOL",
}


def types():
    """One tensor of every element type that is read."""
    base = torch.arange(-3, 3).reshape(2, 3)
    return OrderedDict((name, (base.abs() if name[0] == "U" else base).to(kind)) for kind, name in NAMES.items())


def views():
    """Tensors that share a storage, with gaps, out of order, repeated, empty, without dimensions."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    return {
        "base": base,
        "transposed": base.t(),
        "middle": base[1:3, 2:5],
        "every_other": base[::2, ::3],
        "last": base[3, 5],
        "repeated": base[0, :3].expand(4, 3),
        "empty": torch.zeros(0, 5),
        "cube": base.reshape(2, 2, 6).permute(2, 0, 1),
    }


def nested():
    """A training checkpoint: sections, parameters, an optimizer, and values that are no tensors."""
    model = OrderedDict(weight=torch.nn.Parameter(torch.ones(2, 2)), bias=torch.tensor([0.5, -0.5]))
    model._metadata = {"": {"version": 1}}
    return {
        "model": model,
        "ema_state": {"weight": torch.full((2, 2), 0.9), "deep": {"er": [torch.tensor(7), torch.tensor(8)]}},
        "optimizer": {"state": {0: {"step": 12, "exp_avg": torch.zeros(3)}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]},
        "epoch": 3,
        "big": 2**70,
        "name": "größer",
        "nothing": None,
        "done": True,
        "betas": (0.9, 0.999),
        "size": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "complex": torch.zeros(2, dtype=torch.complex64),
    }


def flat(value, prefix=""):
    if isinstance(value, torch.Tensor):
        if value.dtype in NAMES:
            yield prefix, value.detach()
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from flat(part, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(value, (list, tuple)):
        for i, part in enumerate(value):
            yield from flat(part, f"{prefix}.{i}" if prefix else str(i))


def described(value):
    def raw(tensor):
        whole = tensor.contiguous()
        return whole.reshape(-1).view(torch.uint8).numpy().tobytes().hex() if whole.numel() else ""

    return {
        name: {"dtype": NAMES[t.dtype], "shape": list(t.shape), "strides": list(t.stride()), "bytes": raw(t)}
        for name, t in flat(value)
    }


def deflated(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return out.getvalue()


class OldPickler(pickle._Pickler):
    """Persistent ids as PyTorch 0.4 wrote them: a storage may be a view of another."""

    def __init__(self, file, protocol, views):
        super().__init__(file, protocol)
        self.views = views

    def persistent_id(self, value):
        if not isinstance(value, torch.storage.TypedStorage):
            return None
        key, offset, root = self.views[value.data_ptr(), value.size()]
        view = None if root == value.size() else (key + "-view", offset, value.size())
        return "storage", torch.FloatStorage, key, "cpu", root, view


def old_stream(protocol):
    """A stream file with a storage that is a view into another."""
    base = torch.arange(8, dtype=torch.float32)
    root = base.storage()
    window = base[2:6].clone()
    state = OrderedDict(whole=base, window=window)
    table = {(root.data_ptr(), 8): ("100", 0, 8), (window.storage().data_ptr(), 4): ("100", 2, 8)}
    out = io.BytesIO()
    for value in (MAGIC, VERSION, SYSTEM):
        pickle.dump(value, out, protocol)
    OldPickler(out, protocol, table).dump(state)
    pickle.dump(["100"], out, protocol)
    out.write(struct.pack("<q", 8) + base.numpy().tobytes())
    return out.getvalue(), state


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    expected = {}

    def save(name, value, data):
        (TARGET / name).write_bytes(data)
        expected[name] = described(value)

    def saved(value, **options):
        out = io.BytesIO()
        torch.save(value, out, **options)
        return out.getvalue()

    for label, value in (("types", types()), ("views", views()), ("nested", nested())):
        save(f"zip-{label}.pt", value, saved(value))
        save(f"stream-{label}.pth", value, saved(value, _use_new_zipfile_serialization=False))
    for protocol in (3, 4, 5):
        save(f"zip-protocol{protocol}.pt", nested(), saved(nested(), pickle_protocol=protocol))
    save("stream-protocol4.pth", nested(), saved(nested(), pickle_protocol=4, _use_new_zipfile_serialization=False))
    save("zip-deflated.pt", views(), deflated(saved(views())))
    save("zip-tensor.pt", torch.ones(3), saved(torch.ones(3)))
    save("zip-list.pt", [torch.ones(3), 1], saved([torch.ones(3), 1]))
    for protocol in (1, 2):
        data, value = old_stream(protocol)
        save(f"stream-old-view{protocol}.pth", value, data)
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


main()

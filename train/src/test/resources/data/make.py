"""Writes the .parquet files that ParquetRecordsTest reads (pyarrow 26): make.py FOLDER."""

import struct
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 12
folder = sys.argv[1]


def png(red):
    """A picture of 2x1 pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes([0, red, 0, 0, red, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def talk(i):
    marker = "" if i % 5 == 4 else "<image>\n"
    return [{"from": "human", "value": f"{marker}What is {i}?"}, {"from": "gpt", "value": f"It is {i}."}]


pictures = [None if i % 5 == 4 else png(i) for i in range(ROWS)]
structs = [b and {"bytes": b, "path": None if i % 2 else f"{i}.png"} for i, b in enumerate(pictures)]
turns = pa.table({
    "id": [f"r{i}" for i in range(ROWS)],
    "image": pa.array(structs, pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    "conversations": pa.array(
        [talk(i) for i in range(ROWS)], pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))),
})
pq.write_table(turns, folder + "/turns.parquet", row_group_size=ROWS // 3, compression="snappy")
questions = pa.table({
    "question": [f"What is {i}?" for i in range(ROWS)],
    "answer": [f"It is {i}." for i in range(ROWS)],
    "image": pa.array(pictures, pa.binary()),
})
pq.write_table(questions, folder + "/questions.parquet", compression="zstd")

# Pictures in a folder: named by a text, or by a struct in which every other row has no bytes.
names = [b and f"{i}.png" for i, b in enumerate(pictures)]
named = questions.set_column(2, "image", pa.array(names, pa.string()))
pq.write_table(named, folder + "/named.parquet", compression="snappy")
paths = [b and {"bytes": b if i % 2 else None, "path": f"{i}.png"} for i, b in enumerate(pictures)]
struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
pq.write_table(
    questions.set_column(2, "image", pa.array(paths, struct)), folder + "/paths.parquet", compression="snappy")

"""Writes a small data set in each benchmark's published schema: make_benchmarks.py FOLDER (pyarrow 26).

The tests of evaluate read src/test/resources/data, which it wrote. With --copies N every record is there N times, each
time with a picture of its own, for measurements."""

import argparse
import base64
import json
import pathlib
import struct
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=pathlib.Path)
arguments.add_argument("--copies", type=int, default=1)
options = arguments.parse_args()

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
TEXTS = pa.list_(pa.string())


def png(number, width=12, height=8):
    """A picture whose colour tells its number."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixel = bytes([number * 37 % 256, number * 91 % 256, number // 7 * 53 % 256])
    rows = b"".join(b"\0" + pixel * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def image(number):
    return {"bytes": png(number), "path": f"{number}.png"}


def write(name, columns, rows, shards=1):
    """The rows in files, with row groups of three."""
    schema = pa.schema(list(columns.items()))
    for shard in range(shards):
        part = rows[shard * len(rows) // shards : (shard + 1) * len(rows) // shards]
        path = options.folder / name.format(f"{shard:05d}-of-{shards:05d}")
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(part, schema), path, row_group_size=3 * options.copies)


def copies(make, count):
    """Records, `count` to a copy; make(i, picture) gets a number that repeats and one that does not."""
    return [make(i, copy * count + i) for copy in range(options.copies) for i in range(count)]


QUESTIONS = ["is there a red circle?", "how many shapes are there?", "what is this?", "is the square blue?"]
ANSWERS = ["yes", "2", "circle", "no"]


def annotated(i):
    return [ANSWERS[i % 4]] * 7 + ["other"] * 3


text, whole, number = pa.string(), pa.int64(), pa.float64()

questions = copies(
    lambda i, n: {"id": f"q{n}", "imageId": f"n{n // 2}", "question": QUESTIONS[i % 4], "answer": ANSWERS[i % 4]}, 8
)
write(
    "gqa/testdev_balanced_instructions/testdev-{}.parquet",
    {"id": text, "imageId": text, "question": text, "answer": text},
    questions,
)
write(
    "gqa/testdev_balanced_images/testdev-{}.parquet",
    {"id": text, "image": IMAGE},
    copies(lambda i, n: {"id": f"n{n}", "image": image(n)}, 4),
)

ANNOTATION = pa.struct([("answer", text), ("answer_confidence", text), ("answer_id", whole)])
write(
    "vqav2/data/validation-{}.parquet",
    {"question_type": text, "multiple_choice_answer": text, "answers": pa.list_(ANNOTATION), "image_id": whole,
     "answer_type": text, "question_id": whole, "question": text, "image": IMAGE},
    copies(
        lambda i, n: {
            "question_type": "is", "multiple_choice_answer": ANSWERS[i % 4], "image_id": n // 2,
            "answers": [{"answer": a, "answer_confidence": "yes", "answer_id": k + 1} for k, a in enumerate(annotated(i))],
            "answer_type": ["yes/no", "number", "other", "yes/no"][i % 4], "question_id": 1000 + n,
            "question": QUESTIONS[i % 4], "image": image(n // 2)}, 8),
    shards=2,
)
write(
    "vizwiz/data/val-{}.parquet",
    {"question_id": text, "image": IMAGE, "question": text, "answers": TEXTS, "category": text},
    copies(lambda i, n: {"question_id": f"VizWiz_val_{n:08d}.jpg", "image": image(n), "question": QUESTIONS[i % 4],
                         "answers": annotated(i), "category": "other"}, 4),
)
write(
    "ocrbench/data/test-{}.parquet",
    {"dataset": text, "question": text, "question_type": text, "answer": TEXTS, "image": IMAGE},
    copies(lambda i, n: {"dataset": ["IIIT5K", "HME100k"][i % 2], "question": "what is written in the image?",
                         "question_type": ["Regular Text Recognition",
                                           "Handwritten Mathematical Expression Recognition"][i % 2],
                         "answer": [ANSWERS[i % 4].upper()], "image": image(n)}, 4),
)
write(
    "textvqa/data/validation-{}.parquet",
    {"image_id": text, "question_id": whole, "question": text, "question_tokens": TEXTS, "image": IMAGE,
     "image_width": whole, "image_height": whole, "flickr_original_url": text, "flickr_300k_url": text,
     "answers": TEXTS, "image_classes": TEXTS, "set_name": text, "ocr_tokens": TEXTS},
    copies(lambda i, n: {"image_id": f"{n:016x}", "question_id": n, "question": QUESTIONS[i % 4],
                         "question_tokens": QUESTIONS[i % 4].split(), "image": image(n), "image_width": 12,
                         "image_height": 8, "flickr_original_url": "", "flickr_300k_url": "", "answers": annotated(i),
                         "image_classes": [], "set_name": "val", "ocr_tokens": ["exit", "12.50"][: i % 3]}, 4),
)
write(
    "chartqa/data/test-{}.parquet",
    {"type": text, "question": text, "answer": text, "image": IMAGE},
    copies(lambda i, n: {"type": ["human_test", "augmented_test"][i % 2], "question": QUESTIONS[i % 4],
                         "answer": ["2", "10%", "circle", "3.5"][i % 4], "image": image(n)}, 4),
)
for config, folder in (("DocVQA", "docvqa"), ("InfographicVQA", "infovqa")):
    write(
        folder + "/" + config + "/validation-{}.parquet",
        {"questionId": text, "question": text, "question_types": TEXTS, "image": IMAGE, "docId": whole,
         "answers": TEXTS, "data_split": text},
        copies(lambda i, n: {"questionId": str(49153 + n), "question": QUESTIONS[i % 4], "question_types": ["form"],
                             "image": image(n // 2), "docId": n // 2, "answers": [ANSWERS[i % 4], "none"],
                             "data_split": "val"}, 4),
    )
write(
    "ai2d/data/test-{}.parquet",
    {"question": text, "options": TEXTS, "answer": text, "image": IMAGE},
    copies(lambda i, n: {"question": QUESTIONS[i % 4], "options": ["leaf", "root", "stem", "seed"],
                         "answer": str(i % 4), "image": image(n)}, 4),
)
write(
    "mme/data/test-{}.parquet",
    {"question_id": text, "image": IMAGE, "question": text, "answer": text, "category": text},
    copies(lambda i, n: {"question_id": f"{n // 2:04d}.png", "image": image(n // 2),
                         "question": QUESTIONS[i % 4] + " Please answer yes or no.", "answer": ["Yes", "No"][i % 2],
                         "category": ["existence", "existence", "code_reasoning", "code_reasoning"][i % 4]}, 8),
)
MMBENCH = {"index": whole, "question": text, "hint": text, "answer": text, "A": text, "B": text, "C": text, "D": text,
           "category": text, "image": IMAGE, "source": text, "L2-category": text, "comment": text, "split": text}


def mmbench(i, n):
    options = ["circle", "square", "star", "heart"]
    turn = i % 4
    turned = options[turn:] + options[:turn]
    right = options[i // 4 % 4]
    return {"index": n // 4 + turn * 1_000_000, "question": "what is this?", "hint": "nan", "answer":
            "ABCD"[turned.index(right)], "A": turned[0], "B": turned[1], "C": turned[2], "D": turned[3],
            "category": "object_localization", "image": image(n // 4), "source": "made", "L2-category":
            "finegrained_perception", "comment": "nan", "split": "dev"}


write("mmbench/en/dev-{}.parquet", MMBENCH, copies(mmbench, 8))
write(
    "seedbench/data/test-{}.parquet",
    {"answer": text, "choice_a": text, "choice_b": text, "choice_c": text, "choice_d": text, "data_id": text,
     "data_type": text, "question": text, "question_id": text, "question_type_id": whole, "image": pa.list_(IMAGE),
     "segment": pa.list_(whole)},
    copies(lambda i, n: {"answer": "ABCD"[i % 4], "choice_a": "one", "choice_b": "two", "choice_c": "three",
                         "choice_d": "four", "data_id": f"d{n}", "data_type": "video" if i % 3 == 2 else "image",
                         "question": QUESTIONS[i % 4], "question_id": str(101669 + n), "question_type_id": 1 + i % 2,
                         "image": [image(n)] * (2 if i % 3 == 2 else 1), "segment": None}, 6),
)
METADATA = pa.struct([("category", text), ("task", text), ("split", text)])


def mathvista(i, n):
    kind = ["text", "integer", "float", "list"][i % 4]
    return {"pid": str(n + 1), "question": "what is this?", "image": f"images/{n + 1}.jpg", "decoded_image": image(n),
            "choices": ["circle", "square"] if kind == "text" else None, "unit": "cm" if kind == "integer" else None,
            "precision": 1.0 if kind == "float" else None, "answer": ["circle", "2", "3.5", "[1, 2]"][i % 4],
            "question_type": "multi_choice" if kind == "text" else "free_form", "answer_type": kind,
            "metadata": {"category": "math-targeted-vqa", "task": "figure", "split": "testmini"},
            "query": "what is this?"}


write(
    "mathvista/data/testmini-{}.parquet",
    {"pid": text, "question": text, "image": text, "decoded_image": IMAGE, "choices": TEXTS, "unit": text,
     "precision": number, "answer": text, "question_type": text, "answer_type": text, "metadata": METADATA,
     "query": text},
    copies(mathvista, 8),
)


def mmmu(i, n):
    opened = i % 4 == 3
    record = {"id": f"validation_{['Art', 'Clinical_Medicine'][i % 2]}_{n + 1}",
              "question": "is <image 2> like <image 1>?" if i % 2 else "<image 1> what is this?",
              "options": "[]" if opened else "['yes', \"it's not\", '" + ("<image 1>" if i % 2 else "no") + "']", "explanation": "",
              "img_type": "['Diagrams']", "answer": "2" if opened else "ABC"[i % 3], "topic_difficulty": "Easy",
              "question_type": "open" if opened else "multiple-choice", "subfield": "made"}
    for k in range(1, 8):
        record[f"image_{k}"] = image(n + k) if k <= 2 else None
    return record


write(
    "mmmu/data/validation-{}.parquet",
    {"id": text, "question": text, "options": text, "explanation": text, **{f"image_{k}": IMAGE for k in range(1, 8)},
     "img_type": text, "answer": text, "topic_difficulty": text, "question_type": text, "subfield": text},
    copies(mmmu, 4),
)
write(
    "scienceqa/ScienceQA-IMG/test-{}.parquet",
    {"image": IMAGE, "question": text, "choices": TEXTS, "answer": whole, "hint": text, "task": text, "grade": text,
     "subject": text, "topic": text, "category": text, "skill": text, "lecture": text, "solution": text},
    copies(lambda i, n: {"image": image(n), "question": QUESTIONS[i % 4], "choices": ["yes", "no", "2"][: 2 + i % 2],
                         "answer": i % 2, "hint": ["", "look closely."][i % 2], "task": "closed choice",
                         "grade": "grade4", "subject": "natural science", "topic": "physics", "category": "",
                         "skill": "", "lecture": "", "solution": ""}, 4),
)
write(
    "pope/data/test-{}.parquet",
    {"id": text, "question_id": text, "question": text, "answer": text, "image_source": text, "image": IMAGE,
     "category": text},
    copies(lambda i, n: {"id": str(n), "question_id": str(n + 1), "question": QUESTIONS[i % 4],
                         "answer": ["yes", "no"][i % 2], "image_source": f"COCO_val2014_{n // 3:012d}",
                         "image": image(n // 3), "category": ["adversarial", "popular", "random"][i % 3]}, 12),
)

# The authors' own files, of those that are small: the same questions about pictures in folders.
official = options.folder / "official"


def put(path, content, folder=official):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


put("gqa/testdev_balanced_questions.json", json.dumps(
    {q["id"]: {"imageId": q["imageId"], "question": q["question"], "answer": q["answer"]} for q in questions[:4]}))
for n in range(2):
    put(f"gqa/images/n{n}.jpg", png(n))
put("vqav2/v2_OpenEnded_mscoco_val2014_questions.json", json.dumps({"info": {"year": 2017}, "questions": [
    {"image_id": n // 2, "question": QUESTIONS[n], "question_id": 10 * n} for n in range(4)]}))
put("vqav2/v2_mscoco_val2014_annotations.json", json.dumps({"info": {"year": 2017}, "annotations": [
    {"image_id": n // 2, "question_id": 10 * n, "answer_type": "other",
     "answers": [{"answer": a, "answer_id": k} for k, a in enumerate(annotated(n))]} for n in range(4)]}))
for n in range(2):
    put(f"vqav2/val2014/COCO_val2014_{n:012d}.jpg", png(n))
put("vizwiz/val.json", json.dumps([{"image": f"VizWiz_val_{n:08d}.jpg", "question": QUESTIONS[n], "answers":
                                    [{"answer": a, "answer_confidence": "yes"} for a in annotated(n)]} for n in range(2)]))
put("ocrbench/OCRBench.json", json.dumps([{"dataset_name": "IIIT5K", "type": "Regular Text Recognition", "id": n,
                                           "question": "what is written?", "image_path": f"{n}.png",
                                           "answers": ["A", "B"]} for n in range(2)]))
put("textvqa/TextVQA_0.5.1_val.json", json.dumps({"dataset_type": "val", "data": [
    {"image_id": f"i{n}", "question_id": n, "question": QUESTIONS[n], "answers": annotated(n)} for n in range(2)]}))
put("textvqa/TextVQA_Rosetta_OCR_v0.2_val.json", json.dumps({"data": [
    {"image_id": f"i{n}", "ocr_tokens": ["exit"]} for n in range(2)]}))
for kind in ("human", "augmented"):
    put(f"chartqa/test/test_{kind}.json", json.dumps([{"imgname": "0.png", "query": QUESTIONS[1], "label": "2"}]))
put("docvqa/val_v1.0_withQT.json", json.dumps({"data": [
    {"questionId": 1, "question": QUESTIONS[1], "image": "documents/0.png", "answers": ["2"]}]}))
put("infovqa/infographicsVQA_val_v1.0_withQT.json", json.dumps({"data": [
    {"questionId": 1, "question": QUESTIONS[1], "image_local_name": "0.png", "answers": ["2"]}]}))
put("ai2d/ai2d_test_ids.csv", "0\n1\n")
for n in range(2):
    put(f"ai2d/questions/{n}.png.json", json.dumps({"questions": {QUESTIONS[n]: {
        "answerTexts": ["leaf", "root"], "correctAnswer": n, "questionId": f"{n}.png-0"}}}))
put("mme/existence/0.txt", "is there a circle? Please answer yes or no.\tYes\nis there a cat? Please answer yes or no.\tNo\n")
put("mme/landmark/questions_answers_YN/1.txt", "is this a tower? Please answer yes or no.\tYes\n"
    "is this a bridge? Please answer yes or no.\tNo\n")
lines = ["index\tquestion\thint\tA\tB\tC\tD\tanswer\tcategory\timage\tl2-category"]
for turn in range(2):
    lines.append(f"{turn * 1000000}\twhat is this?\t\t{['circle', 'star'][turn]}\t{['star', 'circle'][turn]}\t\t\t"
                 f"{'AB'[turn]}\tmade\t{base64.b64encode(png(0)).decode()}\tmade")
put("mmbench/mmbench_dev_20230712.tsv", "\n".join(lines) + "\n")
put("seedbench/SEED-Bench.json", json.dumps({"question_type": {}, "questions": [
    {"answer": "A", "choice_a": "1", "choice_b": "2", "choice_c": "3", "choice_d": "4", "data_id": "0.png",
     "data_type": kind, "question": QUESTIONS[1], "question_id": str(n), "question_type_id": 1}
    for n, kind in enumerate(("image", "video"))]}))
put("mathvista/testmini.json", json.dumps({str(n + 1): {**{
    k: v for k, v in mathvista(n, n).items() if k not in ("decoded_image", "image")},
    "image": f"images/{n}.png"} for n in range(4)}))
for n in range(4):
    put(f"mathvista/images/{n}.png", png(n))
put("scienceqa/problems.json", json.dumps({
    "3": {"question": QUESTIONS[0], "choices": ["yes", "no"], "answer": 0, "hint": "", "image": "image.png",
          "split": "test", "subject": "natural science"},
    "4": {"question": QUESTIONS[0], "choices": ["yes", "no"], "answer": 0, "hint": "", "image": None, "split": "test"},
    "5": {"question": QUESTIONS[0], "choices": ["yes", "no"], "answer": 0, "hint": "", "image": "image.png",
          "split": "train"}}))
for kind in ("adversarial", "popular", "random"):
    put(f"pope/coco_pope_{kind}.json", "".join(json.dumps(
        {"question_id": n + 1, "image": "0.png", "text": QUESTIONS[n], "label": ["yes", "no"][n]}) + "\n"
        for n in range(2)))
for path in ("vizwiz/val/VizWiz_val_00000000.jpg", "vizwiz/val/VizWiz_val_00000001.jpg", "ocrbench/OCRBench_Images/0.png",
             "ocrbench/OCRBench_Images/1.png", "textvqa/train_images/i0.jpg", "textvqa/train_images/i1.jpg",
             "chartqa/test/png/0.png", "docvqa/documents/0.png", "infovqa/infographicsvqa_images/0.png",
             "ai2d/images/0.png", "ai2d/images/1.png", "mme/existence/0.png", "mme/landmark/images/1.jpg",
             "seedbench/SEED-Bench-image/0.png", "scienceqa/test/3/image.png", "pope/val2014/0.png"):
    put(path, png(1))

# As 'aerie world' writes it.
world = options.folder / "world"
put("world.json", json.dumps([{"id": "scoring-0-00000000", "image": "0.png", "conversations": [
    message for n in range(2) for message in (
        {"from": "human", "value": ["<image>\n", ""][n] + QUESTIONS[n], "family": ["pope", "count"][n]},
        {"from": "gpt", "value": ANSWERS[n]})]}]), world)
put("images/0.png", png(1), world)

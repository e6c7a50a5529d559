"""Makes the SentencePiece models of SentencePieceModelTest and what SentencePiece itself says about them.

Run with Python 3.11 and the package sentencepiece 0.2 from the folder of this file:

    python make_sentencepiece_models.py

It writes ../resources/text/{unigram,unigram-bytes,bpe-rules}.{model,json}. The models are trained on the words below,
with normalisation rules of their own (full-width letters, a ligature, odd spaces), so that the compiled table is small.
"""

import contextlib
import io
import json
import pathlib
import random
import tempfile

import sentencepiece

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "text"

WORDS = """a the quick brown fox jumps over lazy dog and then sleeps under old oak tree while rain falls on quiet town
picture shows red circle blue square green triangle chart bars values highest lowest sign reads open at nine question
answer yes no maybe count words language vision model token encoder token projector größer straße übung ärger naïve café
日本 語 日本語 writing reading written jumping jumped sleeping slept falls falling fallen""".split()

RULES = {**{chr(0xFF21 + i): chr(0x41 + i) for i in range(26)}, **{chr(0xFF41 + i): chr(0x61 + i) for i in range(26)},
         "\ufb01": "fi", "\u3000": " ", "\u00bd": "1 2", "\u200b": "", "e\u0301": "é", "\t": " ", "\n": " "}

TEXTS = ["", " ", "a", "the quick brown fox", "  two  spaces ", "jumping   falling\tfox\n", "ＦＵＬＬ ｗｉｄｔｈ", "ﬁne ½ cup",
         "ze\u200bro", "cafe\u0301 café", "日本語テキスト", "größer als Übung", "😀 🇩🇪 smile", "foo foobar barfoo <mark> x<mark>y",
         "▁under", "xyzzy qwz", "<unk> <s> </s>", "a" * 70, "тест кириллицы", "the.the,the!the?", "\u0000\u0001", "1 2 3"]


def texts():
    random_texts = random.Random(5)
    letters = "abcdefghinorstu  \t　ＡＢｃﬁ½éß日😀▁<>"
    for _ in range(60):
        length = random_texts.randint(1, 12)
        yield "".join(random_texts.choice([random_texts.choice(letters), random_texts.choice(WORDS), "foo", "<mark>", " "])
                      for _ in range(length))


def train(name, rules, **options):
    shuffled = random.Random(1)
    lines = [" ".join(shuffled.choice(WORDS) for _ in range(9)) for _ in range(900)]
    written = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # a relative path: models keep it
        table = "".join("%s\t%s\n" % (points(k), points(v)) for k, v in rules.items())
        pathlib.Path("rules.tsv").write_text(table, encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=written, normalization_rule_tsv="rules.tsv", num_threads=1,
            minloglevel=2, character_coverage=1.0, hard_vocab_limit=False, **options)
    (OUT / (name + ".model")).write_bytes(written.getvalue())
    model = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    cases = [{"text": text, "ids": model.encode(text), "decoded": model.decode(model.encode(text))}
             for text in TEXTS + list(texts())]
    noise = random.Random(2)
    for _ in range(40):
        ids = [noise.randrange(model.get_piece_size()) for _ in range(noise.randint(1, 12))]
        cases.append({"ids": ids, "decoded": model.decode(ids)})
    (OUT / (name + ".json")).write_text(json.dumps(cases, ensure_ascii=True, indent=0) + "\n", encoding="utf-8")


def points(text):
    return " ".join("%X" % ord(c) for c in text)


if __name__ == "__main__":
    train("unigram", RULES, model_type="unigram", vocab_size=220, user_defined_symbols=["foo", "<mark>"])
    train("unigram-bytes", {"\u3000": " "}, model_type="unigram", vocab_size=460, byte_fallback=True,
          remove_extra_whitespaces=False, add_dummy_prefix=False, treat_whitespace_as_suffix=True)
    train("bpe-rules", RULES, model_type="bpe", vocab_size=260, user_defined_symbols=["foo", "foobar", "<mark>"])

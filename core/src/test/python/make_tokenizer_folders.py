"""Makes the tokenizer folders under ../resources/text/folders and what transformers says about them (as golden data).

Run with Python 3.11 and the packages transformers 4.44.2, tokenizers 0.19.1, sentencepiece 0.2.0 and protobuf from the
folder of this file, after make_sentencepiece_models.py:

    python make_tokenizer_folders.py

Each folder is one way to say what a tokenizer does besides its model: flags of the Llama classes, added tokens with
their rules about white space, special tokens that the model lacks, frames of tokenizer.json.
"""

import json
import pathlib
import random
import shutil

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, LlamaTokenizerFast

from make_sentencepiece_models import WORDS

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "text"
OUT = RESOURCES / "folders"

SNIPPETS = WORDS + ["<s>", "</s>", "<unk>", "<image>", "<mark>", "<extra>", "<pad>", "<|im_end|>", "word", "foo", " ", "  ",
                    "\n", "▁", "'s", " .", " ' ", " n't", "日", "é", "😀", ",", "\u00a0"]


def token(content, **rules):
    return {"content": content, "lstrip": False, "rstrip": False, "single_word": False, "normalized": False,
            "special": True, **rules}


def added(first):
    return {"1": token("<s>", rstrip=True), "2": token("</s>", lstrip=True),
            str(first): token("<extra>", lstrip=True, rstrip=True, normalized=True, special=False),
            str(first + 1): token("word", single_word=True, normalized=True, special=False),
            str(first + 3): token("<image>", special=True)}


def write(folder, tokenizer, seed):
    noise = random.Random(seed)
    texts = ["", " ", "a", "word", "a word, words", " <extra> x", "</s> inside", "x </s>", "<s> start", "<image>", "<unk>",
             "<pad><|im_end|>", "don't stop . it 's"]
    texts += ["".join(noise.choice(SNIPPETS) for _ in range(noise.randint(2, 12))) for _ in range(40)]
    encode = []
    for text in texts:
        ids = tokenizer(text).input_ids
        encode.append({"text": text, "ids": ids, "tokens": tokenizer.convert_ids_to_tokens(ids), **decoded(tokenizer, ids)})
    all_ids = sorted(set(tokenizer.get_vocab().values()))
    marked = sorted(set(tokenizer.get_added_vocab().values()))
    lists = [[noise.choice(marked if noise.random() < 0.25 else all_ids) for _ in range(noise.randint(1, 12))]
             for _ in range(40)]
    expected = {"kind": "tokenizer", "vocab_size": len(tokenizer), "bos": tokenizer.bos_token_id,
                "eos": tokenizer.eos_token_id, "unk": tokenizer.unk_token_id, "pad": tokenizer.pad_token_id,
                "encode": encode, "decode_random": [{"ids": ids, **decoded(tokenizer, ids)} for ids in lists],
                "image_prompts": []}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def decoded(tokenizer, ids):
    return {"decoded": tokenizer.decode(ids), "decoded_skip_special": tokenizer.decode(ids, skip_special_tokens=True)}


def slow(name, model, seed, special_tokens=None, added_tokens=None, fast_file=None, **config):
    folder = fresh(name)
    shutil.copy(RESOURCES / model, folder / "tokenizer.model")
    save(folder, "tokenizer_config", {"tokenizer_class": "LlamaTokenizer", **config})
    if special_tokens:
        save(folder, "special_tokens_map", special_tokens)
    if added_tokens:
        save(folder, "added_tokens", added_tokens)
    if fast_file:
        save(folder, "tokenizer", fast_file)
    write(folder, AutoTokenizer.from_pretrained(folder, use_fast=False), seed)


def fast(name, tokenizer, seed, **config):
    folder = fresh(name)
    tokenizer.save(str(folder / "tokenizer.json"))
    save(folder, "tokenizer_config", {"tokenizer_class": "PreTrainedTokenizerFast", **config})
    write(folder, AutoTokenizer.from_pretrained(folder), seed)


def fresh(name):
    folder = OUT / name
    folder.mkdir(parents=True)
    return folder


def save(folder, name, value):
    (folder / (name + ".json")).write_text(json.dumps(value, indent=1) + "\n")


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator([" ".join(WORDS)] * 9, trainers.BpeTrainer(
        vocab_size=330, special_tokens=["<|end|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    return tokenizer


def metaspace():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator([" ".join(WORDS)] * 9, trainers.UnigramTrainer(
        vocab_size=150, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    return tokenizer


def llama_fast(name, seed, strip):
    folder = fresh(name)
    shutil.copy(RESOURCES / "bpe-rules.model", folder / "tokenizer.model")
    tokenizer = LlamaTokenizerFast(vocab_file=str(folder / "tokenizer.model"), add_eos_token=not strip, legacy=False)
    tokenizer.save_pretrained(folder)
    if strip:  # the form of Llama-2's own file
        saved = json.loads((folder / "tokenizer.json").read_text())
        space, mark = {"String": " "}, {"String": "▁"}
        save(folder, "tokenizer", {**saved, "pre_tokenizer": None,
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": space, "content": "▁"}]},
            "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": mark, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}})
    (folder / "tokenizer.model").unlink()
    write(folder, AutoTokenizer.from_pretrained(folder), seed)


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    slow("defaults", "bpe-rules.model", 11)
    slow("new-added", "bpe-rules.model", 12, legacy=False, added_tokens_decoder=added(300), bos_token="<s>",
         eos_token="</s>", pad_token="<pad>", additional_special_tokens=["<image>"])
    slow("legacy-added", "unigram.model", 13, legacy=True, added_tokens_decoder=added(300), add_eos_token=True,
         add_bos_token=False, clean_up_tokenization_spaces=True)
    slow("old-files", "unigram-bytes.model", 14, legacy=False, add_prefix_space=False,
         special_tokens={"bos_token": token("<s>", rstrip=True), "eos_token": "</s>", "pad_token": "<pad>",
                         "additional_special_tokens": ["<|im_end|>", token("<image>")]},
         added_tokens={"<extra>": 500, "<|im_end|>": 501})
    slow("beside-fast-file", "bpe-rules.model", 15, legacy=False, eos_token="</s>",
         fast_file={"added_tokens": [{"id": int(id), **rules} for id, rules in added(300).items()]})
    byte = byte_level()
    byte.add_tokens([AddedToken("<extra>", lstrip=True, rstrip=True, special=False),
                     AddedToken("word", single_word=True, special=False)])
    fast("byte-level", byte, 21, eos_token="<|end|>", pad_token="<pad>", additional_special_tokens=["<image>"])
    fast("metaspace", metaspace(), 22, bos_token="<s>", eos_token="</s>", unk_token="<unk>",
         clean_up_tokenization_spaces=False)
    llama_fast("llama-fast", 31, strip=False)
    llama_fast("llama-fast-strip", 32, strip=True)

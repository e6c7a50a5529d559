/// Words to ids and back: SentencePiece and `tokenizer.json` tokenizers, chat templates, the slots where pictures go,
/// label masks for training, and text that grows id by id. Everything here follows what the reference (Hugging Face
/// transformers 4.44.2 and Eagle's own `conversation.py` and `train.py`) does, number for number.
@NullMarked
package dev.aerie.text;

import org.jspecify.annotations.NullMarked;

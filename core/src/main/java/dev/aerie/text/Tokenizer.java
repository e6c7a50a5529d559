package dev.aerie.text;

import dev.aerie.AerieException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// Words to ids and back, number for number as the checkpoint's own tokenizer in transformers 4.44.2 does it. Safe for
/// use by several threads.
public interface Tokenizer {

    /// Opens the tokenizer of a checkpoint: `tokenizer.model` or `tokenizer.json`, and what `tokenizer_config.json`,
    /// `special_tokens_map.json` and `added_tokens.json` say about it. Where both exist, `tokenizer.model` is read,
    /// as the reference does with `use_fast=False`, unless the class it names is a fast one.
    static Tokenizer open(Path folder) {
        var config = TokenizerConfig.read(folder);
        var model = folder.resolve("tokenizer.model");
        var json = folder.resolve("tokenizer.json");
        var fast = config.tokenizerClass().endsWith("Fast");
        if (Files.exists(model) && !(fast && Files.exists(json))) {
            return SentencePiece.open(model, config);
        }
        if (Files.exists(json)) {
            return FastTokenizer.open(json, config);
        }
        throw new AerieException("cannot open the tokenizer of " + folder
                + ": neither tokenizer.model nor tokenizer.json is there; copy one from the checkpoint");
    }

    /// The ids of a text that is trusted throughout, with the tokens put before and after it (BOS, EOS) that the
    /// checkpoint asks for: the reference's `tokenizer(text).input_ids`.
    default int[] encode(String text) {
        return encode(List.of(Span.trusted(text)));
    }

    /// The ids of the spans as one text, with BOS and EOS as in [#encode(String)]. Control tokens are recognised
    /// only where they lie wholly in trusted text. If no other text contains one, the ids are those of the joined
    /// string.
    int[] encode(List<Span> spans);

    /// The text of the ids, spaces and invalid bytes as in the reference; `skipSpecial` leaves the special tokens out.
    String decode(int[] ids, boolean skipSpecial);

    /// The token with this id; an error if there is none.
    String token(int id);

    OptionalInt id(String token);

    /// The number of tokens, the added ones included: the reference's `len(tokenizer)`.
    int size();

    /// The token that begins a text.
    OptionalInt bos();

    /// The token that ends an answer.
    OptionalInt eos();

    /// The token for what no other stands for.
    OptionalInt unk();

    /// The token that fills up batches.
    OptionalInt pad();

    /// Whether the token means something to the model rather than standing for text.
    boolean isControl(int id);

    /// A decoder for ids that arrive one by one.
    StreamingDecoder streaming();
}

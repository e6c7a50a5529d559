package dev.aerie.fabricate;

import dev.aerie.AerieException;
import dev.aerie.eagle.ConfigWriter;
import dev.aerie.eagle.EagleConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which tokenizer a model comes with, known by its end token.
enum VocabularyKind {
    VICUNA(1, 2, 0),
    YI(1, 7, 0),
    LLAMA3(FastVocabulary.FIRST_SPECIAL, FastVocabulary.FIRST_SPECIAL + 9, FastVocabulary.FIRST_SPECIAL + 256);

    private final int bos;
    private final int eos;
    private final int pad;

    VocabularyKind(int bos, int eos, int pad) {
        this.bos = bos;
        this.eos = eos;
        this.pad = pad;
    }

    static VocabularyKind of(EagleConfig config) {
        for (var kind : values()) {
            if (config.endTokens().contains(kind.eos)) {
                return kind;
            }
        }
        throw new AerieException("cannot fabricate a tokenizer for a model that ends answers with token "
                + config.endTokens() + ": expected 2 (Vicuna), 7 (Yi) or 128009 (Llama 3)");
    }

    int bos() {
        return bos;
    }

    int eos() {
        return eos;
    }

    int pad() {
        return pad;
    }

    /// Writes the tokenizer's files; `size` is the number of its tokens.
    void write(int size, Path folder) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        switch (this) {
            case VICUNA -> {
                piecesOf(List.of("<s>", "</s>"), List.of(), size, folder);
                sentencePiece(json, "<s>", "</s>", true);
            }
            case YI -> {
                piecesOf(
                        List.of("<|startoftext|>", "<|endoftext|>"),
                        List.of("<|Human|>", "<|Assistant|>", "<|System|>", "<|im_start|>", "<|im_end|>", "<|im_sep|>"),
                        size,
                        folder);
                sentencePiece(json, "<|startoftext|>", "<|im_end|>", false);
            }
            case LLAMA3 -> {
                ConfigWriter.writeJson(folder.resolve("tokenizer.json"), FastVocabulary.json(size));
                json.put("tokenizer_class", "PreTrainedTokenizerFast");
                json.put("bos_token", "<|begin_of_text|>");
                json.put("eos_token", "<|eot_id|>");
                json.put("pad_token", "<pad>");
                json.put("clean_up_tokenization_spaces", true);
            }
        }
        json.put("model_max_length", 2048);
        json.put("padding_side", "right");
        ConfigWriter.writeJson(folder.resolve("tokenizer_config.json"), json);
    }

    private static void piecesOf(List<String> control, List<String> symbols, int size, Path folder) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), Pieces.model(control, symbols, size));
    }

    private static void sentencePiece(Map<String, Object> json, String bos, String eos, boolean vicuna) {
        json.put("tokenizer_class", "LlamaTokenizer");
        json.put("add_bos_token", vicuna);
        json.put("add_eos_token", false);
        json.put("legacy", !vicuna);
        json.put("bos_token", bos);
        json.put("eos_token", eos);
        json.put("unk_token", "<unk>");
        json.put("pad_token", "<unk>");
        json.put("clean_up_tokenization_spaces", false);
    }
}

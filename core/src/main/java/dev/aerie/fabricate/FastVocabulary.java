package dev.aerie.fabricate;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A byte-level `tokenizer.json` like Llama 3's: 128,000 tokens of text, behind them the special ones, last the
/// padding token that Eagle adds.
final class FastVocabulary {

    static final int FIRST_SPECIAL = 128_000;
    private static final int SPECIALS = 257;
    private static final String SPLIT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String BEGIN = "<|begin_of_text|>";

    private FastVocabulary() {}

    static Map<String, Object> json(int size) {
        if (size != FIRST_SPECIAL + SPECIALS) {
            throw new AerieException("cannot fabricate a Llama-3 tokenizer of " + size + " tokens: it has "
                    + (FIRST_SPECIAL + SPECIALS));
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("version", "1.0");
        json.put("added_tokens", specials());
        json.put(
                "pre_tokenizer",
                Map.of(
                        "type",
                        "Sequence",
                        "pretokenizers",
                        List.of(
                                Map.of(
                                        "type",
                                        "Split",
                                        "pattern",
                                        Map.of("Regex", SPLIT),
                                        "behavior",
                                        "Isolated",
                                        "invert",
                                        false),
                                byteLevel(false))));
        json.put("post_processor", frame());
        json.put("decoder", byteLevel(true));
        json.put("model", model());
        return json;
    }

    private static Map<String, Object> byteLevel(boolean regex) {
        return Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", regex);
    }

    private static Map<String, Object> frame() {
        var begin = Map.of("SpecialToken", Map.of("id", BEGIN, "type_id", 0));
        return Map.of(
                "type", "TemplateProcessing",
                "single", List.of(begin, Map.of("Sequence", Map.of("id", "A", "type_id", 0))),
                "pair",
                        List.of(
                                begin,
                                Map.of("Sequence", Map.of("id", "A", "type_id", 0)),
                                Map.of("Sequence", Map.of("id", "B", "type_id", 1))),
                "special_tokens",
                        Map.of(BEGIN, Map.of("id", BEGIN, "ids", List.of(FIRST_SPECIAL), "tokens", List.of(BEGIN))));
    }

    private static Map<String, Object> model() {
        var vocabulary = new LinkedHashMap<String, Integer>();
        for (int b = 0; b < 256; b++) {
            vocabulary.put(character(b), b);
        }
        var merges = new ArrayList<String>();
        for (var word : Words.first(FIRST_SPECIAL - vocabulary.size(), character(' '))) {
            vocabulary.put(word.text(), vocabulary.size());
            merges.add(word.left() + " " + word.right());
        }
        var model = new LinkedHashMap<String, Object>();
        model.put("type", "BPE");
        model.put("ignore_merges", true);
        model.put("vocab", vocabulary);
        model.put("merges", merges);
        return model;
    }

    /// The printable character that stands for a byte in byte-level vocabularies (GPT-2): itself if it is printable in
    /// Latin-1, else the next from U+0100 on.
    private static String character(int value) {
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            if (b == value) {
                return Character.toString(printable ? b : next);
            }
            next += printable ? 0 : 1;
        }
        throw new IllegalArgumentException("no byte: " + value);
    }

    /// Llama 3's names, in its order.
    private static List<Map<String, Object>> specials() {
        var names = new ArrayList<String>(List.of(BEGIN, "<|end_of_text|>"));
        int reserved = 0;
        while (names.size() < SPECIALS - 1) {
            switch (names.size()) {
                case 6 -> names.add("<|start_header_id|>");
                case 7 -> names.add("<|end_header_id|>");
                case 9 -> names.add("<|eot_id|>");
                default -> names.add("<|reserved_special_token_" + reserved++ + "|>");
            }
        }
        names.add("<pad>");
        var tokens = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < SPECIALS; i++) {
            var token = new LinkedHashMap<String, Object>();
            token.put("id", FIRST_SPECIAL + i);
            token.put("content", names.get(i));
            token.put("single_word", false);
            token.put("lstrip", false);
            token.put("rstrip", false);
            token.put("normalized", false);
            token.put("special", true);
            tokens.add(token);
        }
        return tokens;
    }
}

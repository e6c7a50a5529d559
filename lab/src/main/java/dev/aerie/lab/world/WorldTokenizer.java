package dev.aerie.lab.world;

import dev.aerie.files.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The vocabulary of the world, as files that [Tokenizer#open] and Python's `transformers` read.
///
/// A word that captions, questions and answers are made of is one token, its space included: `▁red`. Everything else
/// is spelled: the token `▁` for the space before it, then a token for each character, so that the model reads and
/// writes what signs say as it sees it. `▁ u n o w` is decoded as `unow`.
///
/// Text is brought into lower case without accents first; white space counts as one space, and none stands before a
/// mark. Characters that the world does not have are `<unk>`.
public final class WorldTokenizer {

    private static final String SPACE = "▁";
    private static final List<String> SPECIALS = List.of("<pad>", "<s>", "</s>", "<unk>", "<answer>");
    private static final String MARKS = "?.,:!-'";

    /// The file without its tokens and without the words that are kept whole.
    private static final String FILE = """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [],
              "normalizer": {
                "type": "Sequence",
                "normalizers": [
                  {"type": "NFD"},
                  {"type": "StripAccents"},
                  {"type": "Lowercase"},
                  {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
                  {"type": "Replace", "pattern": {"Regex": " (?=[?.,:!])"}, "content": ""},
                  {"type": "Strip", "strip_left": true, "strip_right": true},
                  {"type": "Prepend", "prepend": "▁"},
                  {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
                ]
              },
              "pre_tokenizer": {"type": "Split", "pattern": {}, "behavior": "Isolated", "invert": false},
              "post_processor": {
                "type": "TemplateProcessing",
                "single": [
                  {"SpecialToken": {"id": "<s>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}
                ],
                "pair": [
                  {"SpecialToken": {"id": "<s>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"Sequence": {"id": "B", "type_id": 0}}
                ],
                "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}
              },
              "decoder": {
                "type": "Sequence",
                "decoders": [
                  {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                  {"type": "ByteFallback"},
                  {"type": "Fuse"},
                  {"type": "Strip", "content": " ", "start": 1, "stop": 0}
                ]
              },
              "model": {"type": "WordLevel", "vocab": {}, "unk_token": "<unk>"}
            }
            """;

    private static final String CONFIG = """
            {
              "tokenizer_class": "PreTrainedTokenizerFast",
              "bos_token": "<s>",
              "eos_token": "</s>",
              "pad_token": "<pad>",
              "unk_token": "<unk>",
              "additional_special_tokens": ["<answer>"],
              "clean_up_tokenization_spaces": false,
              "padding_side": "right",
              "model_max_length": 2048
            }
            """;

    private static final String SPECIALS_MAP = """
            {
              "bos_token": "<s>",
              "eos_token": "</s>",
              "pad_token": "<pad>",
              "unk_token": "<unk>",
              "additional_special_tokens": ["<answer>"]
            }
            """;

    private WorldTokenizer() {}

    /// All tokens in the order of their ids: control tokens, the space, marks, digits and letters, words.
    public static List<String> tokens() {
        var tokens = new ArrayList<>(SPECIALS);
        tokens.add(SPACE);
        MARKS.chars().mapToObj(Character::toString).forEach(tokens::add);
        for (var number = 1; number < CharacterGrid.CLASSES; number++) {
            tokens.add(Character.toString(CharacterGrid.character(number)));
        }
        Lexicon.WORDS.forEach(word -> tokens.add(SPACE + word));
        return List.copyOf(tokens);
    }

    /// Writes `tokenizer.json`, `tokenizer_config.json` and `special_tokens_map.json` into a folder, which is made if
    /// there is none. Files of these names are replaced.
    public static void write(Path folder) {
        write(folder.resolve("tokenizer.json"), file());
        write(folder.resolve("special_tokens_map.json"), JsonMapper.shared().readTree(SPECIALS_MAP));
        write(folder.resolve("tokenizer_config.json"), JsonMapper.shared().readTree(CONFIG));
    }

    private static void write(Path path, JsonNode json) {
        AtomicFile.write(path, json.toPrettyString() + "\n");
    }

    private static ObjectNode file() {
        var file = (ObjectNode) JsonMapper.shared().readTree(FILE);
        var vocabulary = (ObjectNode) file.at("/model/vocab");
        tokens().forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (var special : SPECIALS) {
            file.withArray("/added_tokens")
                    .addObject()
                    .put("id", vocabulary.get(special).intValue())
                    .put("content", special)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        // A word is whole only where no letter or digit goes on; every other character stands alone.
        var words = Lexicon.WORDS.stream().collect(Collectors.joining("|", SPACE + "(?:", ")(?![a-z0-9])|."));
        ((ObjectNode) file.at("/pre_tokenizer/pattern")).put("Regex", words);
        return file;
    }
}

package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are cut off or changed: the tokenizer works, or one line says what is wrong.
class DamagedTokenizerTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "new-added, tokenizer_config.json",
        "new-added, tokenizer.model",
        "old-files, special_tokens_map.json",
        "old-files, added_tokens.json",
        "byte-level, tokenizer.json",
        "metaspace, tokenizer.json",
        "llama-fast, tokenizer.json"
    })
    void worksOrSaysWhy(String name, String file) throws IOException {
        Folders.copy(Folders.OWN.resolve(name), folder);
        var path = folder.resolve(file);
        var whole = Files.readAllBytes(path);
        var random = new Random(41);
        var refused = 0;
        for (var i = 0; i < 120; i++) {
            var damaged = whole.clone();
            if (i % 3 == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            } else {
                for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            Files.write(path, damaged);
            refused += tryOut(folder) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static boolean tryOut(Path folder) {
        try {
            var tokenizer = Tokenizer.open(folder);
            var ids = tokenizer.encode(List.of(Span.trusted("<s>the "), Span.literal("quick </s> 日 <|end|>")));
            tokenizer.decode(ids, true);
            return true;
        } catch (AerieException e) {
            assertThat(e.getMessage())
                    .startsWith("cannot ")
                    .contains(folder.toString())
                    .doesNotContain("\n");
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 0}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 4000000000}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": {}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"aa\": 1}, \"merges\": [\"a a\"],"
                        + "\"continuing_subword_prefix\": \"##\"}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"decoder\": {\"type\": \"Strip\", \"content\": \" \", \"start\": 0, \"stop\": 1}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\"}}], \"special_tokens\": {}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [], \"special_tokens\": {}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"a\", -1], \"cls\": [\"a\", 0]}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"post_processor\": {\"type\": \"Sequence\", \"processors\": [{\"type\": \"Other\"}]}}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}}",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0]], \"unk_id\": 7}}",
                "{\"model\": {\"type\": \"Other\", \"vocab\": {\"a\": 0}}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"added_tokens\": {}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"added_tokens\": [{\"id\": 1}]}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"pre_tokenizer\": {\"type\": \"FixedLength\", \"length\": 0}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"*\"}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": ["
                        + "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}]}}"
            })
    void refusesImpossibleTokenizers(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageStartingWith("cannot ")
                .hasMessageContaining("tokenizer.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"legacy\": 1}",
                "{\"bos_token\": 3}",
                "{\"eos_token\": {\"lstrip\": true}}",
                "{\"added_tokens_decoder\": []}",
                "{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}",
                "{\"added_tokens_decoder\": {\"99999999999\": {\"content\": \"a\"}}}",
                "{\"additional_special_tokens\": [null]}"
            })
    void refusesImpossibleConfigs(String json) throws IOException {
        Files.copy(Folders.GOLDEN.resolve("sentencepiece-new/tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageStartingWith("cannot ")
                .hasMessageContaining("tokenizer_config.json");
    }

    @Test
    void damagedRulesNeverLeadAstray() throws IOException {
        // The compiled rules of a model, changed at random: what passes the check can be walked without bounds.
        var blob = rules(Files.readAllBytes(Folders.RESOURCES.resolve("text/bpe-rules.model")));
        var random = new Random(42);
        var refused = 0;
        for (var i = 0; i < 2000; i++) {
            var damaged = blob.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                var rules = new Charsmap(damaged, "test");
                for (var text : List.of("ＡＢｃ", "ﬁ½", "é\t\n", "plain")) {
                    var bytes = Marked.trusted(text).bytes().utf8();
                    for (var from = 0; from < bytes.length; from++) {
                        assertThat((int) rules.longest(bytes, from, bytes.length))
                                .isBetween(0, rules.replacements().length - 1);
                    }
                }
            } catch (AerieException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 1999);
    }

    private static byte[] rules(byte[] model) {
        var file = new Protobuf(model, "model");
        while (file.next()) {
            if (file.field() != 3) {
                file.skip();
                continue;
            }
            var normalizer = file.message();
            while (normalizer.next()) {
                if (normalizer.field() == 2) {
                    return normalizer.bytes();
                }
                normalizer.skip();
            }
        }
        throw new AssertionError("no rules");
    }

    @Test
    void aSoundTableOfRulesIsAccepted() throws IOException {
        var blob = rules(Files.readAllBytes(Folders.RESOURCES.resolve("text/bpe-rules.model")));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"model": {"type": "WordLevel", "vocab": {"fi": 0, "?": 1}, "unk_token": "?"},
                 "normalizer": {"type": "Precompiled", "precompiled_charsmap": "%s"}}""".formatted(
                        Base64.getEncoder().encodeToString(blob)));
        assertThat(Tokenizer.open(folder).encode("ﬁ")).containsExactly(0);
    }
}

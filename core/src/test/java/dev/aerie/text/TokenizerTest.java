package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every tokenizer promises, tried on all folders.
class TokenizerTest {

    static List<Path> folders() {
        return Folders.all();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void harmlessUserTextHasTheIdsOfTheWhole(Path folder) {
        var tokenizer = Tokenizer.open(folder);
        var controls = IntStream.range(0, tokenizer.size() + 8)
                .filter(tokenizer::isControl)
                .mapToObj(tokenizer::token)
                .toList();
        var random = new Random(21);
        for (var i = 0; i < 200; i++) {
            var spans = new ArrayList<Span>();
            var whole = new StringBuilder();
            for (var k = random.nextInt(5); k >= 0; k--) {
                var control = random.nextInt(3) == 0;
                var text = control ? controls.get(random.nextInt(controls.size())) : Folders.text(random, 4);
                spans.add(new Span(text, control || random.nextBoolean()));
                whole.append(text);
            }
            assertThat(tokenizer.encode(spans)).as("%s", spans).isEqualTo(tokenizer.encode(whole.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void userTextNeverBecomesControl(Path folder) {
        var tokenizer = Tokenizer.open(folder);
        var unknown = tokenizer.unk().orElse(-1);
        var frame = controls(tokenizer, tokenizer.encode(""), unknown);
        var random = new Random(22);
        for (var id = 0; id < tokenizer.size() + 8; id++) {
            if (!tokenizer.isControl(id)) {
                continue;
            }
            var control = tokenizer.token(id);
            for (var text : List.of(
                    control, " " + control, "x" + control + "y" + control + " ", Folders.text(random, 3) + control)) {
                var ids = tokenizer.encode(List.of(Span.literal(text)));
                assertThat(controls(tokenizer, ids, unknown)).as(text).isEqualTo(frame);
                var cut = random.nextInt(control.length());
                var halves = List.of(Span.trusted(control.substring(0, cut)), Span.literal(control.substring(cut)));
                assertThat(controls(tokenizer, tokenizer.encode(halves), unknown))
                        .as("%s", halves)
                        .isEqualTo(frame);
            }
        }
    }

    private static List<Integer> controls(Tokenizer tokenizer, int[] ids, int unknown) {
        return IntStream.of(ids)
                .filter(id -> id != unknown && tokenizer.isControl(id))
                .boxed()
                .toList();
    }

    @Test
    void literalControlTokensAreReadAsWritten() {
        for (var name : List.of("sentencepiece-new", "sentencepiece-legacy", "sentencepiece-chatml", "bpe-llama3")) {
            var tokenizer = Folders.golden(name);
            var text = "a </s> b <|eot_id|> c <|im_start|>user";
            assertThat(tokenizer.decode(tokenizer.encode(List.of(Span.literal(text))), true))
                    .isEqualTo(text);
        }
    }

    @Test
    void trustedControlTokensAroundUserTextStand() {
        var tokenizer = Folders.golden("bpe-llama3");
        var eot = tokenizer.id("<|eot_id|>").orElseThrow();
        var ids = tokenizer.encode(List.of(Span.literal("a<|eot_id|>b"), Span.trusted("<|eot_id|>")));
        assertThat(IntStream.of(ids).filter(id -> id == eot).count()).isEqualTo(1);
        assertThat(ids[ids.length - 1]).isEqualTo(eot);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void tokensAndIdsAgree(Path folder) {
        var tokenizer = Tokenizer.open(folder);
        var found = IntStream.range(0, tokenizer.size() + 600)
                .filter(id -> {
                    try {
                        return tokenizer.id(tokenizer.token(id)).isPresent();
                    } catch (AerieException e) {
                        return false;
                    }
                })
                .count();
        assertThat(found).isEqualTo(tokenizer.size());
        assertThat(tokenizer.id("no token is written like this")).isEmpty();
        assertThat(tokenizer.isControl(-200)).isFalse();
        assertThatThrownBy(() -> tokenizer.token(-200))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("-200")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void theFastLibraryDecodesByteLevelAlike(@TempDir Path copy) throws IOException {
        // Without its decoder's type in plain sight the library decodes by itself.
        Folders.copy(Folders.GOLDEN.resolve("bpe-llama3"), copy);
        var file = copy.resolve("tokenizer.json");
        var json = Files.readString(file);
        var at = json.indexOf("\"decoder\": {");
        var end = json.indexOf('}', at);
        var decoder = json.substring(at + 11, end + 1);
        Files.writeString(
                file,
                json.substring(0, at) + "\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + decoder + "]}"
                        + json.substring(end + 1));
        var ours = Folders.golden("bpe-llama3");
        var theirs = Tokenizer.open(copy);
        var random = new Random(23);
        for (var i = 0; i < 300; i++) {
            var ids = Folders.ids(random, ours, 1 + random.nextInt(20));
            assertThat(ours.decode(ids, true)).isEqualTo(theirs.decode(ids, true));
            assertThat(ours.decode(ids, false)).isEqualTo(theirs.decode(ids, false));
        }
    }

    @Test
    void choosesTheFileByClass(@TempDir Path folder) throws IOException {
        Files.copy(Folders.GOLDEN.resolve("bpe-llama3/tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.copy(Folders.GOLDEN.resolve("sentencepiece-new/tokenizer.model"), folder.resolve("tokenizer.model"));
        var config = folder.resolve("tokenizer_config.json");
        assertThat(Tokenizer.open(folder).id("<0x0A>")).isPresent();
        Files.writeString(config, "{\"tokenizer_class\": \"LlamaTokenizer\"}");
        assertThat(Tokenizer.open(folder).id("<0x0A>")).isPresent();
        Files.writeString(config, "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
        assertThat(Tokenizer.open(folder).id("<0x0A>")).isEmpty();
        Files.delete(folder.resolve("tokenizer.json"));
        assertThat(Tokenizer.open(folder).id("<0x0A>")).isPresent();
        Files.delete(folder.resolve("tokenizer.model"));
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("tokenizer.model")
                .hasMessageContaining("tokenizer.json");
    }
}

package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models of all kinds against what SentencePiece says about them (see `make_sentencepiece_models.py`).
class SentencePieceModelTest {

    private static final Path MODELS = Folders.RESOURCES.resolve("text");

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes", "bpe-rules"})
    void equalsSentencePiece(String name) throws IOException {
        var model = read(name);
        var cases = new JsonMapper().readTree(MODELS.resolve(name + ".json").toFile());
        assertThat(cases).hasSizeGreaterThan(100);
        for (var each : cases) {
            var ids =
                    each.path("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
            var text = each.path("text");
            if (text.isString()) {
                assertThat(model.encode(Marked.trusted(text.stringValue())))
                        .as(text.toString())
                        .isEqualTo(ids);
            } else {
                // Decoding starts from pieces here, where an unknown one no longer knows its text.
                assertThat(decode(model, ids))
                        .as(each.toString())
                        .isEqualTo(each.path("decoded").stringValue());
            }
        }
    }

    /// A quadratic algorithm would not end; every piece of the text comes back in its place.
    @Test
    void encodesLongTexts() throws IOException {
        for (var name : List.of("unigram-bytes", "bpe-rules")) {
            var model = read(name);
            var text = "the quick brown fox jumps ".repeat(20_000).strip();
            var ids = model.encode(Marked.trusted(text));
            assertThat(decode(model, ids)).isEqualTo(text);
            var run = model.encode(Marked.trusted("a".repeat(500_000)));
            assertThat(decode(model, run)).isEqualTo("a".repeat(500_000));
        }
    }

    @Test
    void mergesBackWhatIsUnused() {
        // "ab" is unused: it helps to reach "abc" and is parted again where it stays alone.
        var pieces = List.of(
                new Vocabulary.Piece("?".getBytes(), 0, Vocabulary.Type.UNKNOWN),
                new Vocabulary.Piece("a".getBytes(), -1, Vocabulary.Type.NORMAL),
                new Vocabulary.Piece("b".getBytes(), -1, Vocabulary.Type.NORMAL),
                new Vocabulary.Piece("c".getBytes(), -1, Vocabulary.Type.NORMAL),
                new Vocabulary.Piece("ab".getBytes(), -2, Vocabulary.Type.UNUSED),
                new Vocabulary.Piece("abc".getBytes(), -3, Vocabulary.Type.NORMAL));
        var vocabulary = new Vocabulary(pieces, false, "test");
        var segmenter = new Bpe(vocabulary, new SymbolMatcher(vocabulary));
        assertThat(segment(segmenter, "abcab")).containsExactly(5, 1, 2);
        assertThat(segment(new Unigram(vocabulary, new SymbolMatcher(vocabulary)), "abcab"))
                .containsExactly(5, 1, 2);
    }

    private static int[] segment(Segmenter segmenter, String text) {
        var ids = IntStream.builder();
        segmenter.segment(Marked.trusted(text).bytes(), (from, to, id) -> ids.add(id));
        return ids.build().toArray();
    }

    /// Every prefix of a model and many damaged ones: read, or refused in one line; what is read can be used.
    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes", "bpe-rules"})
    void refusesDamage(String name) throws IOException {
        var file = Files.readAllBytes(MODELS.resolve(name + ".model"));
        for (var length = 0; length < file.length; length += 7) {
            tryOut(Arrays.copyOf(file, length));
        }
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 600; i++) {
            var damaged = file.clone();
            for (var flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += tryOut(damaged) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static boolean tryOut(byte[] file) {
        SentencePieceModel model;
        try {
            model = SentencePieceModel.read(file, "tokenizer.model", true);
        } catch (AerieException e) {
            assertThat(e.getMessage())
                    .startsWith("cannot ")
                    .contains("tokenizer.model")
                    .doesNotContain("\n");
            return false;
        }
        var ids = model.encode(Marked.trusted("the quick ＦＯＸ ½ 日本 <mark> foobar"));
        assertThatCode(() -> decode(model, ids)).doesNotThrowAnyException();
        return true;
    }

    @Test
    void refusesModelsItCannotRun() throws IOException {
        var model = Files.readAllBytes(MODELS.resolve("bpe-rules.model"));
        // TrainerSpec.model_type = WORD; a second message of the kind overrules the first.
        refuse(plus(model, 0x12, 2, 0x18, 3), "model type 3");
        // DenormalizerSpec.precompiled_charsmap, here too short to be one.
        refuse(plus(model, 0x2A, 3, 0x12, 1, 0), "rules");
        // A piece of type 9, a second unknown piece, a byte piece without byte fallback.
        refuse(plus(model, 0x0A, 5, 0x0A, 1, 'q', 0x18, 9), "type 9");
        refuse(plus(model, 0x0A, 5, 0x0A, 1, 7, 0x18, 2), "two unknown pieces");
        refuse(plus(model, 0x0A, 5, 0x0A, 1, 7, 0x18, 6), "1 byte pieces");
        refuse(plus(model, 0x0A, 2, 0x18, 1), "is empty");
        refuse(new byte[0], "no piece for the unknown");
    }

    private static byte[] plus(byte[] model, int... more) {
        var longer = Arrays.copyOf(model, model.length + more.length);
        for (var i = 0; i < more.length; i++) {
            longer[model.length + i] = (byte) more[i];
        }
        return longer;
    }

    private static void refuse(byte[] file, String why) {
        assertThatThrownBy(() -> SentencePieceModel.read(file, "tokenizer.model", true))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("tokenizer.model")
                .hasMessageContaining(why);
    }

    private static SentencePieceModel read(String name) throws IOException {
        return SentencePieceModel.read(Files.readAllBytes(MODELS.resolve(name + ".model")), name, true);
    }

    private static String decode(SentencePieceModel model, int[] ids) {
        var decoder = new PieceDecoder(model);
        var text = new StringBuilder();
        for (var id : ids) {
            decoder.accept(model.vocabulary().text(id), text);
        }
        decoder.finish(text);
        return text.toString();
    }
}

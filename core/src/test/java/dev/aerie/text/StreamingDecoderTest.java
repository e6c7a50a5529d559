package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamingDecoderTest {

    static List<Path> folders() {
        return Folders.all();
    }

    /// The pieces together are the decoded whole. As this holds for every continuation of a sequence, no piece holds
    /// what a later id would change.
    @ParameterizedTest
    @MethodSource("folders")
    void piecesAreTheWhole(Path folder) {
        var tokenizer = Tokenizer.open(folder);
        var random = new Random(31);
        for (var i = 0; i < 400; i++) {
            var ids = i % 2 == 0
                    ? Folders.ids(random, tokenizer, random.nextInt(30))
                    : tokenizer.encode(Folders.text(random, 12));
            var text = new StringBuilder();
            var decoder = tokenizer.streaming();
            for (var id : ids) {
                var piece = decoder.next(id);
                assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
                        .isTrue();
                text.append(piece);
            }
            text.append(decoder.finish());
            assertThat(text.toString()).isEqualTo(tokenizer.decode(ids, true));
        }
    }

    @Test
    void wordsComeAsTheyAreSaid() {
        for (var tokenizer : List.of(
                Folders.golden("sentencepiece-new"),
                Folders.golden("sentencepiece-legacy"),
                Folders.golden("bpe-llama3"),
                Folders.own("llama-fast-strip"))) {
            var decoder = tokenizer.streaming();
            var text = new StringBuilder();
            for (var id : tokenizer.encode("reads open")) {
                text.append(decoder.next(id));
            }
            assertThat(text.toString()).isEqualTo("reads open");
            assertThat(decoder.finish()).isEmpty();
        }
    }

    /// A model's table may have more rows than its tokenizer has tokens.
    @Test
    void whatIsNoTokenIsNoText() {
        for (var name : List.of("sentencepiece-new", "bpe-llama3")) {
            var decoder = Folders.golden(name).streaming();
            assertThat(decoder.next(1_000_000)).isEmpty();
            assertThat(decoder.finish()).isEmpty();
        }
    }

    @Test
    void charactersComeWhole() {
        for (var name : List.of("sentencepiece-new", "bpe-llama3")) {
            assertThat(pieces(
                            Folders.golden(name).streaming(),
                            Folders.golden(name).encode("日😀")))
                    .containsExactly("日", "😀");
        }
    }

    /// A byte token is certain only when the run of byte tokens has ended: one wrong byte spoils the whole run.
    @Test
    void llamasRunsOfBytesComeWhole() {
        IntFunction<String> tokens = id -> id < 256 ? "<0x%02X>".formatted(id) : id == 256 ? "▁x" : "";
        assertThat(pieces(new ByteFallbackText(tokens, true), 256, 0xE6, 0x97, 0xA5, 300, 0x41, 256, 0xE6, 0x41, 256))
                .containsExactly("x", "日A x", "\uFFFD\uFFFD x");
        assertThat(pieces(new ByteFallbackText(tokens, true), 0x20, 0x41)).containsExactly("A");
        assertThat(pieces(new ByteFallbackText(tokens, false), 0x20, 0x41)).containsExactly(" A");
    }

    private static List<String> pieces(StreamingDecoder decoder, int... ids) {
        var pieces = IntStream.of(ids).mapToObj(decoder::next);
        return Stream.concat(pieces, Stream.of(decoder).map(StreamingDecoder::finish))
                .filter(piece -> !piece.isEmpty())
                .toList();
    }
}

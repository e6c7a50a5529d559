package dev.aerie.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
        for (var name : List.of("sentencepiece-new", "sentencepiece-legacy", "bpe-llama3")) {
            var tokenizer = Folders.golden(name);
            var ids = tokenizer.encode("reads open");
            var decoder = tokenizer.streaming();
            var text = new StringBuilder();
            for (var id : ids) {
                text.append(decoder.next(id));
            }
            assertThat(text.toString()).as(name).isEqualTo("reads open");
            assertThat(decoder.finish()).isEmpty();
        }
    }

    @Test
    void charactersComeWhole() {
        for (var name : List.of("sentencepiece-new", "bpe-llama3")) {
            var tokenizer = Folders.golden(name);
            var decoder = tokenizer.streaming();
            var pieces = Arrays.stream(tokenizer.encode("日😀"))
                    .mapToObj(decoder::next)
                    .filter(piece -> !piece.isEmpty())
                    .toList();
            assertThat(pieces).containsExactly("日", "😀");
        }
    }
}

package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.text.StreamingDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTextTest {

    /// Says its texts token by token, and the last of them at the end.
    private record Said(List<String> texts) implements StreamingDecoder {

        @Override
        public String next(int id) {
            return id < texts.size() - 1 ? texts.get(id) : "";
        }

        @Override
        public String finish() {
            return texts.getLast();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'|a b STOP c', 'a b'", // a decoder that knows its text only at the end
        "'a |b |STOP', 'a b'",
        "'a |ST|OP c', 'a'", // the stop string began before
        "'a |ST|AY', 'a STAY'",
        "'a |b |', 'a b'"
    })
    void aStopStringAtTheEndEndsTheAnswerBeforeIt(String texts, String expected) {
        var heard = new ArrayList<String>();
        var decoder = new Said(List.of(texts.split("\\|", -1)));
        var text = new AnswerText(decoder, Set.of(), List.of("STOP"), heard::add);
        for (int id = 0; id < decoder.texts().size() - 1; id++) {
            assertThat(text.accept(id)).isTrue();
        }
        assertThat(text.finish()).isEqualTo(expected);
        assertThat(String.join("", heard).strip()).isEqualTo(expected);
    }
}

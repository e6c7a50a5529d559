package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.language.Sampling;
import dev.aerie.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A batch answers each question as it would be answered alone.
class BatchTest {

    @AutoClose
    private static final Eagle EAGLE = Eagle.open(Tiny.X2, Tiny.WHOLE);

    private static final List<Question> MIXED = List.of(
            new Question("Is there a cat?", List.of()),
            new Question("What is written on the sign?", List.of(Tiny.wide())),
            new Question("Which of the two pictures shows a red circle, and where?", List.of(Tiny.tall(), Tiny.wide())),
            new Question("And how many words are on the sign? Count them.", List.of(Tiny.tall())));

    private static void assertSame(List<Question> questions, AnswerOptions how) {
        var together = EAGLE.ask(questions, how);
        assertThat(together).hasSameSizeAs(questions);
        try (var session = EAGLE.session()) {
            for (int i = 0; i < questions.size(); i++) {
                session.reset();
                var alone = session.ask(questions.get(i), how, AnswerListener.NONE);
                var one = together.get(i);
                assertThat(one.promptIds()).containsExactly(alone.promptIds());
                assertThat(one.ids()).containsExactly(alone.ids());
                assertThat(one.logprobs()).containsExactly(alone.logprobs(), within(1e-3f));
                assertThat(one.text()).isEqualTo(alone.text());
                assertThat(one.end()).isEqualTo(alone.end());
                assertThat(one.cut()).isEqualTo(alone.cut());
            }
        }
    }

    @Test
    void greedyWithOneTwoAndNoPictures() {
        assertSame(MIXED, Tiny.tokens(10));
    }

    /// The features of the picture last looked at are kept from batch to batch, those of the one before are not.
    @Test
    void batchesLookAtAKeptPictureOnce() {
        var looked = new AtomicInteger();
        Progress counting = (_, done, _) -> looked.addAndGet(done == 0 ? 1 : 0);
        var options = new LoadOptions(DType.F32, 336, Optional.empty(), counting, true);
        var wide = List.of(new Question("What?", List.of(Tiny.wide())));
        var tall = List.of(new Question("What?", List.of(Tiny.tall())));
        try (var eagle = Eagle.open(Tiny.X2, options);
                var batches = eagle.batches(1)) {
            var first = batches.ask(wide, Tiny.tokens(2)).getFirst();
            var again = batches.ask(wide, Tiny.tokens(2)).getFirst();
            assertThat(looked).hasValue(1);
            assertThat(again.logprobs()).containsExactly(first.logprobs());
            batches.ask(tall, Tiny.tokens(2));
            batches.ask(wide, Tiny.tokens(2));
            assertThat(looked).hasValue(3);
        }
    }

    @Test
    void drawnWithASeed() {
        var sampling = new Sampling(1.1, 0.9, 50, 0.95, 0.01, 5);
        assertSame(MIXED.subList(0, 2), new AnswerOptions(10, sampling, 1, true, List.of()));
    }

    @Test
    void sequencesThatStopEarly() {
        var first = EAGLE.ask(MIXED.getFirst(), Tiny.tokens(10), AnswerListener.NONE);
        var stop = first.text().substring(2, 4);
        var questions = List.of(MIXED.getFirst(), new Question("What is 3 + 4?", List.of()));
        assertSame(questions, new AnswerOptions(10, Sampling.GREEDY, 1, true, List.of(stop)));
    }

    @Test
    void noQuestionsNoAnswers() {
        assertThat(EAGLE.ask(List.of(), AnswerOptions.DEFAULT)).isEmpty();
    }

    @Test
    void beamsAreForOneQuestion() {
        var questions = MIXED.subList(0, 1);
        var how = new AnswerOptions(3, Sampling.GREEDY, 2, true, List.of());
        assertThat(EAGLE.ask(questions, how).getFirst().ids()).hasSize(3);
        assertThatThrownBy(() -> EAGLE.ask(List.of(MIXED.getFirst(), MIXED.getFirst()), how))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("use one beam");
    }
}

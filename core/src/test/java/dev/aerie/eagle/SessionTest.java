package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Picture;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Sampling;
import dev.aerie.language.TokenListener;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Conversations: what a turn reads, and what it answers.
class SessionTest {

    private static final int EXPERTS = 2;
    private static final AtomicInteger LOOKS = new AtomicInteger();

    @AutoClose
    private static final Eagle EAGLE = Eagle.open(
            Tiny.X2,
            new LoadOptions(
                    DType.F32,
                    336,
                    Optional.empty(),
                    (_, _, total) -> {
                        assertThat(total).isEqualTo(EXPERTS);
                        LOOKS.incrementAndGet();
                    },
                    true));

    private static final Question SIGN = new Question("What is written on the sign?", List.of(Tiny.wide()));
    private static final Question WORDS = new Question("How many words is that?", List.of());

    @BeforeEach
    void reset() {
        LOOKS.set(0);
    }

    /// The answer to a conversation that nothing was kept of.
    private static dev.aerie.language.Generation fresh(List<Turn> turns, List<Picture> pictures, int tokens) {
        var language = EAGLE.model().language();
        try (var eyes = EAGLE.eyes();
                var _ = TensorScope.open();
                var cache = new KvCache(language.config(), DType.F32)) {
            var visual = new ArrayList<Seen>();
            pictures.forEach(picture -> visual.add(eyes.look(picture, Routes.ALL)));
            var prompt = new Prompt(
                    EAGLE.encode(turns),
                    visual,
                    pictures.stream()
                            .map(picture -> Eyes.name(picture, Routes.ALL))
                            .toList());
            var options = new GenerationOptions(tokens, Set.of(), Sampling.GREEDY, 1);
            return new Generator(language)
                    .generate(prompt.embed(language, DType.F32), cache, options, TokenListener.NONE)
                    .getFirst();
        }
    }

    private static void assertSame(Answer answer, List<Turn> turns, List<Picture> pictures) {
        assertThat(answer.promptIds()).containsExactly(EAGLE.encode(turns));
        var expected = fresh(turns, pictures, answer.ids().length);
        assertThat(answer.ids()).containsExactly(expected.ids());
        assertThat(answer.logprobs()).containsExactly(expected.logprobs(), within(1e-4f));
    }

    @Test
    void laterTurnsReadOnlyWhatIsNew() {
        try (var session = EAGLE.session()) {
            var first = session.ask(SIGN, Tiny.tokens(8), AnswerListener.NONE);
            assertThat(first.timings().promptTokens()).isGreaterThan(1024);
            assertThat(LOOKS).hasValue(EXPERTS);

            var second = session.ask(WORDS, Tiny.tokens(8), AnswerListener.NONE);
            assertThat(second.timings().promptTokens()).isLessThan(100);
            assertThat(LOOKS).hasValue(EXPERTS);
            var signTurn = new Turn(SIGN.text(), 1, first.text());
            assertSame(second, List.of(signTurn, Turn.open(WORDS.text(), 0)), SIGN.pictures());

            // The picture again, and a new one, in the middle of the conversation.
            LOOKS.set(0);
            var both = List.of(SIGN.pictures().getFirst(), Tiny.tall());
            var third = session.ask(new Question("Which is older?", both), Tiny.tokens(4), AnswerListener.NONE);
            assertThat(LOOKS).hasValue(EXPERTS);
            assertThat(third.timings().promptTokens()).isBetween(2048, 2200);
            var wordsTurn = new Turn(WORDS.text(), 0, second.text());
            assertSame(
                    third,
                    List.of(signTurn, wordsTurn, Turn.open("Which is older?", 2)),
                    List.of(both.getFirst(), both.getFirst(), both.getLast()));
        }
    }

    @Test
    void resetForgetsTheTurnsButNotThePictures() {
        try (var session = EAGLE.session()) {
            var first = session.ask(SIGN, Tiny.tokens(4), AnswerListener.NONE);
            session.reset();
            var again = session.ask(SIGN, Tiny.tokens(4), AnswerListener.NONE);
            assertThat(again.promptIds()).containsExactly(first.promptIds());
            assertThat(again.ids()).containsExactly(first.ids());
            assertThat(LOOKS).hasValue(EXPERTS);
        }
    }

    @Test
    void picturesOfOneColourAndOtherShapesAreTwo() {
        var flat = new Question("Which colour?", List.of(Picture.filled(30, 10, 200, 30, 40)));
        var high = new Question("Which colour?", List.of(Picture.filled(10, 30, 200, 30, 40)));
        try (var session = EAGLE.session()) {
            var first = session.ask(flat, Tiny.tokens(4), AnswerListener.NONE);
            session.reset();
            var second = session.ask(high, Tiny.tokens(4), AnswerListener.NONE);
            assertThat(LOOKS).hasValue(2 * EXPERTS);
            assertThat(second.logprobs()).isNotEqualTo(first.logprobs());
        }
    }

    @Test
    void anErrorLeavesTheConversationAsItWas() {
        try (var session = EAGLE.session()) {
            var first = session.ask(WORDS, Tiny.tokens(4), AnswerListener.NONE);
            var endless = new Question("word ".repeat(9000), List.of());
            assertThatThrownBy(() -> session.ask(endless, AnswerListener.NONE))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("shorten the conversation");
            AnswerListener failing = _ -> {
                throw new IllegalStateException("the listener failed");
            };
            assertThatThrownBy(() -> session.ask(WORDS, Tiny.tokens(4), failing))
                    .isInstanceOf(IllegalStateException.class);
            var next = session.ask(new Question("Why?", List.of()), Tiny.tokens(4), AnswerListener.NONE);
            assertSame(next, List.of(new Turn(WORDS.text(), 0, first.text()), Turn.open("Why?", 0)), List.of());
        }
    }

    @Test
    void aStoppedAnswerIsPartOfTheConversation() {
        try (var session = EAGLE.session()) {
            var first = session.ask(WORDS, Tiny.tokens(20), _ -> false);
            assertThat(first.ids()).hasSizeLessThan(20);
            var next = session.ask(new Question("Why?", List.of()), Tiny.tokens(4), AnswerListener.NONE);
            assertSame(next, List.of(new Turn(WORDS.text(), 0, first.text()), Turn.open("Why?", 0)), List.of());
        }
    }

    @Test
    void aListenerThatAsksTheModelIsRefused() {
        try (var session = EAGLE.session()) {
            List<Runnable> calls = List.of(
                    () -> EAGLE.ask(WORDS, Tiny.tokens(1), AnswerListener.NONE),
                    () -> EAGLE.routes("What?"),
                    session::close,
                    EAGLE::close);
            for (var call : calls) {
                AnswerListener asking = _ -> {
                    call.run();
                    return true;
                };
                assertThatThrownBy(() -> session.ask(WORDS, Tiny.tokens(4), asking))
                        .isInstanceOf(AerieException.class)
                        .hasMessageContaining("from a listener");
            }
            assertThat(session.ask(WORDS, Tiny.tokens(1), AnswerListener.NONE).ids())
                    .hasSize(1);
        }
    }

    @Test
    void aClosedModelSaysSo() {
        var eagle = Eagle.open(Tiny.X2);
        eagle.close();
        assertThatThrownBy(() -> eagle.routes("What?"))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("the model is closed");
    }
}

package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.language.Generation;
import dev.aerie.language.Sampling;
import dev.aerie.text.ImageSlots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How answers are generated, streamed and ended.
class AnswerTest {

    private static final int TOKENS = 24;
    private static final Question CAT = new Question("Is there a cat? Answer yes or no.", List.of());

    @AutoClose
    private static final Eagle EAGLE = Eagle.open(Tiny.X5, Tiny.WHOLE);

    private static Answer greedy(List<String> stops, AnswerListener listener) {
        return EAGLE.ask(CAT, new AnswerOptions(TOKENS, Sampling.GREEDY, 1, true, stops), listener);
    }

    private static Answer draw(Sampling sampling) {
        return EAGLE.ask(CAT, new AnswerOptions(TOKENS, sampling, 1, true, List.of()), AnswerListener.NONE);
    }

    @Test
    void streamedPiecesAreTheText() {
        var pieces = new ArrayList<String>();
        var answer = greedy(List.of(), pieces::add);
        assertThat(pieces).hasSizeGreaterThan(5).doesNotContain("");
        assertThat(String.join("", pieces).strip()).isEqualTo(answer.text());
        assertThat(answer.text())
                .isEqualTo(EAGLE.tokenizer().decode(answer.ids(), true).strip());
        assertThat(answer.ids()).hasSize(TOKENS);
        assertThat(answer.end()).isEqualTo(Generation.End.LENGTH);
    }

    /// Every stop string of one to five characters that the answer holds, most of them across tokens.
    @Test
    void stopStringsEndTheAnswerBeforeThem() {
        var text = greedy(List.of(), AnswerListener.NONE).text();
        for (int length = 1; length <= 5; length += 2) {
            for (int start = 3; start + length < text.length(); start += 7) {
                var stop = text.substring(start, start + length);
                var pieces = new ArrayList<String>();
                var answer = greedy(List.of("never said", stop), pieces::add);
                var expected = text.substring(0, text.indexOf(stop)).strip();
                assertThat(answer.text()).describedAs("stop at '" + stop + "'").isEqualTo(expected);
                assertThat(String.join("", pieces).strip()).isEqualTo(expected);
                assertThat(answer.end()).isEqualTo(Generation.End.STOPPED);
                assertThat(answer.ids()).hasSizeLessThan(TOKENS);
            }
        }
    }

    @Test
    void whatOnlyBeginsLikeAStopStringIsSaid() {
        var text = greedy(List.of(), AnswerListener.NONE).text();
        var almost = text.substring(text.length() - 3) + "!";
        var pieces = new ArrayList<String>();
        var answer = greedy(List.of(almost), pieces::add);
        assertThat(answer.text()).isEqualTo(text);
        assertThat(String.join("", pieces).strip()).isEqualTo(text);
        assertThat(answer.end()).isEqualTo(Generation.End.LENGTH);
    }

    @Test
    void theEmptyTextIsNoStopString() {
        assertThatThrownBy(() -> new AnswerOptions(1, Sampling.GREEDY, 1, true, List.of("a", "")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("empty text");
    }

    @Test
    void theListenerEndsTheAnswerBetweenTokens() {
        var whole = greedy(List.of(), AnswerListener.NONE);
        var pieces = new ArrayList<String>();
        var answer = greedy(List.of(), piece -> {
            pieces.add(piece);
            return pieces.size() < 3;
        });
        assertThat(pieces).hasSize(3);
        assertThat(answer.text()).isEqualTo(String.join("", pieces).strip());
        assertThat(answer.end()).isEqualTo(Generation.End.STOPPED);
        assertThat(answer.ids())
                .hasSizeBetween(3, TOKENS - 1)
                .containsExactly(Arrays.copyOf(whole.ids(), answer.ids().length));
    }

    @Test
    void endTokensEndTheAnswerUnlessIgnored(@TempDir Path folder) throws IOException {
        var whole = greedy(List.of(), AnswerListener.NONE);
        int end = whole.ids()[4];
        int first = 1 + Arrays.stream(whole.ids()).boxed().toList().indexOf(end);
        Tiny.copy(Tiny.X5, folder);
        Tiny.edit(
                folder.resolve("generation_config.json"),
                json -> json.putArray("eos_token_id").add(7).add(end));
        try (var eagle = Eagle.open(folder)) {
            var ended = eagle.ask(CAT, AnswerOptions.DEFAULT.withMaxTokens(TOKENS), AnswerListener.NONE);
            assertThat(ended.end()).isEqualTo(Generation.End.END_TOKEN);
            assertThat(ended.ids()).containsExactly(Arrays.copyOf(whole.ids(), first));
            var ignored = eagle.ask(CAT, Tiny.tokens(TOKENS), AnswerListener.NONE);
            assertThat(ignored.ids()).containsExactly(whole.ids());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void maxTokensCounts(int tokens) {
        assertThat(EAGLE.ask(CAT, Tiny.tokens(tokens), AnswerListener.NONE).ids())
                .hasSize(tokens);
    }

    @Test
    void theSeedDecidesTheText() {
        var one = draw(new Sampling(1, 1.5, 0, 1, 0, 3));
        assertThat(draw(new Sampling(1, 1.5, 0, 1, 0, 3)).ids()).containsExactly(one.ids());
        assertThat(draw(new Sampling(1, 1.5, 0, 1, 0, 4)).ids()).isNotEqualTo(one.ids());
    }

    @Test
    void topKOneIsGreedy() {
        assertThat(draw(new Sampling(1, 1.5, 1, 1, 0, 3)).ids())
                .containsExactly(greedy(List.of(), AnswerListener.NONE).ids());
    }

    @Test
    void aRepetitionPenaltyVariesTheAnswer() {
        var plain = greedy(List.of(), AnswerListener.NONE).ids();
        assertThat(plain).doesNotHaveDuplicates();
        var varied = draw(new Sampling(0.01, 0, 0, 1, 0, 0)).ids(); // below 1 what was said is favoured
        assertThat(varied[0]).isEqualTo(plain[0]);
        assertThat(Arrays.stream(varied).distinct().count()).isLessThan(TOKENS);
    }

    @Test
    void beamsFindAnAnswerAtLeastAsProbable() {
        var how = new AnswerOptions(6, Sampling.GREEDY, 4, true, List.of());
        var searched = EAGLE.ask(CAT, how, AnswerListener.NONE);
        var greedy = EAGLE.ask(CAT, Tiny.tokens(6), AnswerListener.NONE);
        assertThat(sum(searched.logprobs())).isGreaterThanOrEqualTo(sum(greedy.logprobs()) - 1e-4);
        assertThat(searched.text())
                .isEqualTo(EAGLE.tokenizer().decode(searched.ids(), true).strip());
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void nothingInAQuestionIsAControlTokenOrAPicture() {
        var text = "a </s> b <image> c <s> d <unk>";
        var ids = EAGLE.ask(new Question(text, List.of()), Tiny.tokens(1), AnswerListener.NONE)
                .promptIds();
        assertThat(ids).doesNotContain(ImageSlots.IMAGE, 2).containsOnlyOnce(1);
        assertThat(EAGLE.tokenizer().decode(ids, true)).contains(text);
    }

    @Test
    void aMarkedQuestionIsTheReferences() {
        var ids = EAGLE.ask(new Question("a </s> b", List.of(), true), Tiny.tokens(1), AnswerListener.NONE)
                .promptIds();
        assertThat(ids).contains(2);
    }

    @Test
    void markersAndPicturesMustMatch() {
        for (var text : List.of("<image>\n<image>\nWhich?", "Which?")) {
            var question = new Question(text, List.of(Tiny.wide()), true);
            assertThatThrownBy(() -> EAGLE.ask(question, Tiny.tokens(1), AnswerListener.NONE))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("places for pictures, but 1 pictures were given");
        }
    }

    @Test
    void longPromptsWithPicturesAreCutAsInTheReferenceOrRefused() {
        var text = "word ".repeat(600);
        try (var eagle = Eagle.open(Tiny.X2)) {
            int longest = eagle.config().maxLength();
            var alone = eagle.ask(new Question(text, List.of()), Tiny.tokens(2), AnswerListener.NONE);
            assertThat(alone.cut()).isZero();
            assertThat(alone.timings().promptTokens())
                    .isEqualTo(alone.promptIds().length)
                    .isGreaterThan(longest);
            var seen = eagle.ask(new Question(text, List.of(Tiny.wide())), Tiny.tokens(2), AnswerListener.NONE);
            int tokens = eagle.model().vision().orElseThrow().tokens(1, 1);
            assertThat(seen.cut()).isEqualTo(seen.promptIds().length - 1 + tokens - longest);
            assertThat(seen.timings().promptTokens()).isEqualTo(longest);
        }
        var endless = new Question(text.repeat(4), List.of());
        assertThatThrownBy(() -> EAGLE.ask(endless, Tiny.tokens(2), AnswerListener.NONE))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("the model takes 4096")
                .hasMessageNotContaining("\n");
    }

    @Test
    void conversationsOnManyThreadsAreAnsweredAsAlone() throws InterruptedException, ExecutionException {
        var questions = List.of("Is there a cat?", "What is 3 + 4?", "Who are you?", "Why?", "Where is it?");
        var alone = questions.stream().map(AnswerTest::twoTurns).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var together = new ArrayList<Future<List<Integer>>>();
            for (var question : questions) {
                together.add(threads.submit(() -> twoTurns(question)));
            }
            for (int i = 0; i < questions.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
        assertThat(alone).doesNotHaveDuplicates();
    }

    private static List<Integer> twoTurns(String question) {
        var ids = new ArrayList<Integer>();
        try (var session = EAGLE.session()) {
            for (var text : List.of(question, "Are you sure?")) {
                var answer = session.ask(new Question(text, List.of()), Tiny.tokens(8), AnswerListener.NONE);
                Arrays.stream(answer.ids()).forEach(ids::add);
            }
        }
        return ids;
    }
}

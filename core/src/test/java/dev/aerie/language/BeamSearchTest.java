package dev.aerie.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Beam search over a vocabulary of five against every sequence there is.
class BeamSearchTest {

    private static final int VOCABULARY = 5;
    private static final int LENGTH = 4;
    /// As many as there are unfinished beginnings of three tokens.
    private static final int ALL = 64;

    private static final int END = 0;
    private static final int[] PROMPT = {1, 3, 2};
    private static final LlamaConfig CONFIG = new LlamaConfig(
            16, 1, 2, 1, 8, 24, VOCABULARY, 1e-5, new Rope(8, 10_000, Rope.Scaling.NONE), 256, false, false, false);

    private record Found(int[] ids, double score) {}

    /// The best of all sequences by log-probability divided by length.
    private static Found best(PlainDecoder plain, Set<Integer> ends, int[] ids, double sum) {
        if (ids.length == LENGTH || ids.length > 0 && ends.contains(ids[ids.length - 1])) {
            return new Found(ids, sum / ids.length);
        }
        var context = Arrays.copyOf(PROMPT, PROMPT.length + ids.length);
        System.arraycopy(ids, 0, context, PROMPT.length, ids.length);
        var logprobs = PlainDecoder.logSoftmax(plain.scores(context));
        var found = new ArrayList<Found>();
        for (int id = 0; id < VOCABULARY; id++) {
            var longer = Arrays.copyOf(ids, ids.length + 1);
            longer[ids.length] = id;
            found.add(best(plain, ends, longer, sum + logprobs[id]));
        }
        return found.stream().reduce((a, b) -> b.score > a.score ? b : a).orElseThrow();
    }

    private static Generation search(RandomSource source, int beams, Set<Integer> ends, List<Integer> heard) {
        try (var _ = TensorScope.open();
                var cache = new KvCache(CONFIG, DType.F32)) {
            var model = new Llama(source, CONFIG);
            var prompt =
                    model.embed(Tensor.of(Arrays.stream(PROMPT).asLongStream().toArray(), 1, PROMPT.length));
            var options = new GenerationOptions(LENGTH, ends, Sampling.GREEDY, beams);
            return new Generator(model)
                    .generate(prompt, cache, options, (_, id, _) -> heard.add(id))
                    .getFirst();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void wideSearchFindsTheBestOfAllSequences(long seed) {
        for (Set<Integer> ends : List.of(Set.<Integer>of(), Set.of(END))) {
            try (var source = new RandomSource(seed, 0.6)) {
                var heard = new ArrayList<Integer>();
                var generation = search(source, ALL * (ends.isEmpty() ? 2 : 1), ends, heard);
                var expected = best(new PlainDecoder(CONFIG, source), ends, new int[0], 0);
                assertThat(generation.ids()).containsExactly(expected.ids);
                double sum = 0;
                for (float logprob : generation.logprobs()) {
                    sum += logprob;
                }
                assertThat(sum / generation.ids().length).isCloseTo(expected.score, within(1e-4));
                assertThat(heard)
                        .containsExactlyElementsOf(
                                Arrays.stream(expected.ids).boxed().toList());
                boolean ended = ends.contains(expected.ids[expected.ids.length - 1]);
                assertThat(generation.end()).isEqualTo(ended ? Generation.End.END_TOKEN : Generation.End.LENGTH);
            }
        }
    }

    @Test
    void aBatchIsRefused() {
        try (var source = new RandomSource(1, 0.6);
                var _ = TensorScope.open();
                var cache = new KvCache(CONFIG, DType.F32, new int[2])) {
            var generator = new Generator(new Llama(source, CONFIG));
            var prompt = Tensor.zeros(DType.F32, 2, 3, CONFIG.hidden());
            var options = new GenerationOptions(LENGTH, Set.of(), Sampling.GREEDY, 2);
            assertThatThrownBy(() -> generator.generate(prompt, cache, options, TokenListener.NONE))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("batch of 2");
        }
    }
}

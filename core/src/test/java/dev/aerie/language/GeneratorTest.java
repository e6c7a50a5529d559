package dev.aerie.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.nn.Fresh;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {

    private static final LlamaConfig CONFIG = new LlamaConfig(
            64, 2, 4, 2, 16, 96, 50, 1e-5, new Rope(16, 10_000, Rope.Scaling.NONE), 4096, false, true, true);

    private final Fresh source = new Fresh(DType.F32);
    private Generator generator;
    private TensorScope scope;

    @BeforeEach
    void open() {
        Torch.seed(7);
        generator = new Generator(new Llama(source, CONFIG));
        scope = TensorScope.open();
    }

    @AfterEach
    void close() {
        scope.close();
        source.close();
    }

    private static Tensor prompt(int tokens) {
        return Tensor.normal(1, DType.F32, 1, tokens, CONFIG.hidden());
    }

    private float[] scores(Tensor prompt, int chunk) {
        try (var cache = new KvCache(CONFIG, DType.F32)) {
            return generator.prefill(prompt, cache, chunk)[0];
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 100, 255, 256, 257, 299, 300})
    void chunkedPrefillEqualsOnePass(int chunk) {
        var prompt = prompt(300);
        assertThat(scores(prompt, chunk)).containsExactly(scores(prompt, 300), within(2e-4f));
    }

    @Test
    void aPromptLongerThanAChunkEqualsOnePass() {
        var prompt = prompt(Generator.CHUNK + 150);
        assertThat(scores(prompt, Generator.CHUNK))
                .containsExactly(scores(prompt, Generator.CHUNK + 150), within(2e-4f));
    }

    /// A conversation that begins again with a longer prompt.
    @Test
    void aCacheThatGrowsAfterItWasEmptiedHoldsNothingTwice() {
        var shorter = prompt(3);
        var longer = prompt(KvCache.BLOCK + 1);
        long before = Torch.liveBytes();
        try (var cache = new KvCache(CONFIG, DType.F32)) {
            generator.prefill(shorter, cache, Generator.CHUNK);
            cache.truncate(0);
            generator.prefill(longer, cache, Generator.CHUNK);
        }
        assertThat(Torch.liveBytes()).isLessThanOrEqualTo(before);
    }
}

package dev.aerie.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Attention that is learned from in bfloat16 takes another way than float32's; both say the same.
class AttentionTest {

    private static final int TOKENS = 24;
    private static final int WIDTH = 16;
    private static final double SCALE = 0.25;

    /// Some eight bits of a bfloat16's precision, over sums of values around 1.
    private static final double CLOSE = 0.05;

    private record Learned(float[] mixed, float[] gradient) {}

    private static Learned learn(DType dtype, boolean masked) {
        Torch.seed(9);
        try (var _ = TensorScope.open()) {
            var q = Tensor.normal(1, DType.F32, 2, 3, TOKENS, WIDTH).to(dtype).requireGradient();
            var k = Tensor.normal(1, DType.F32, 2, 3, TOKENS, WIDTH).to(dtype).requireGradient();
            var v = Tensor.normal(1, DType.F32, 2, 3, TOKENS, WIDTH).to(dtype).requireGradient();
            var mixed = Functional.attention(q, k, v, masked ? mask() : null, false, SCALE);
            mixed.to(DType.F32).sum().backward();
            return new Learned(
                    mixed.detach().to(DType.F32).toFloats(),
                    v.gradient().orElseThrow().to(DType.F32).toFloats());
        }
    }

    /// Every token sees itself and those before it.
    private static Tensor mask() {
        var values = new float[TOKENS * TOKENS];
        for (int t = 0; t < TOKENS; t++) {
            for (int s = t + 1; s < TOKENS; s++) {
                values[t * TOKENS + s] = -1e30f;
            }
        }
        return Tensor.of(values, 1, 1, TOKENS, TOKENS);
    }

    @Test
    void learningInBfloat16MixesWhatFloat32Mixes() {
        for (boolean masked : new boolean[] {false, true}) {
            var wide = learn(DType.F32, masked);
            var narrow = learn(DType.BF16, masked);
            for (int i = 0; i < wide.mixed().length; i++) {
                assertThat(narrow.mixed()[i]).isCloseTo(wide.mixed()[i], within((float) CLOSE));
                assertThat(narrow.gradient()[i]).isCloseTo(wide.gradient()[i], within((float)
                        (CLOSE + CLOSE * Math.abs(wide.gradient()[i]))));
            }
        }
    }
}

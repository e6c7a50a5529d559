package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.bench.Blocks;
import dev.aerie.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationsTest {

    private static final int TOKENS = 512;
    private static final int WIDTH = 256;

    /// Bytes a token that PyTorch 2.10 keeps for the same operations, counted with its hooks on saved tensors.
    @ParameterizedTest
    @CsvSource({
        "LLAMA, F32, 704, 15128, 22040",
        "LLAMA, BF16, 704, 10908, 15900",
        "QUICK_GELU, F32, 1024, 14368, 20512",
        "QUICK_GELU, BF16, 1024, 9240, 12824",
        "GELU, F32, 1024, 10272, 16416",
        "GELU, BF16, 1024, 7192, 10776",
        "NORMED_SWIGLU, F32, 704, 17704, 22568",
        "NORMED_SWIGLU, BF16, 704, 11036, 13980",
        "GATED_GELU, F32, 704, 14616, 21528",
        "GATED_GELU, BF16, 704, 10396, 15388",
        "CONVOLUTION, F32, 1024, 6152, 12296",
        "CONVOLUTION, BF16, 1024, 3076, 6148",
    })
    void agreesWithWhatAutogradKeeps(Blocks.Kind kind, DType precision, int mlp, double frozen, double learned) {
        var block = new Blocks(kind, 1, TOKENS, TOKENS, WIDTH, WIDTH, mlp, TOKENS);
        assertThat(Activations.kept(block, precision, false) / TOKENS).isCloseTo(frozen, within(0.06 * frozen));
        assertThat(Activations.kept(block, precision, true) / TOKENS).isCloseTo(learned, within(0.06 * learned));
        assertThat(Activations.input(block, precision)).isEqualTo(TOKENS * WIDTH * precision.bytes());
        assertThat(Activations.passing(block, precision))
                .isPositive()
                .isLessThan(Activations.kept(block, precision, true) * 1.3);
    }
}

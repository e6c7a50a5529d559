package dev.aerie.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.bench.Blocks;
import dev.aerie.tensor.DType;
import org.junit.jupiter.api.Test;
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
        "NORMED_ATTENTION_SWIGLU, F32, 704, 17968, 23856",
        "NORMED_ATTENTION_SWIGLU, BF16, 704, 11808, 14752",
        "SCALED_GELU, F32, 1024, 10272, 18464",
        "SCALED_GELU, BF16, 1024, 7192, 11800",
        "SCALED_NORMED_GELU, F32, 1024, 12320, 24608",
        "SCALED_NORMED_GELU, BF16, 1024, 10272, 18976",
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

    /// What the process grew by when SAM's layers of 4,096 tokens and a decoder layer of 2,048 ran with gradients.
    @Test
    void agreesWithTheMemoryOfRealLayers() {
        var global = new Blocks(Blocks.Kind.RELATIVE, 1, 4096, 4096, 1024, 1024, 4096, 4096);
        assertThat(Activations.kept(global, DType.BF16, true)).isCloseTo(1.34e9, within(0.07e9));
        var decoder = new Blocks(Blocks.Kind.LLAMA, 1, 2048, 2048, 4096, 4096, 11008, 1024);
        assertThat(Activations.kept(decoder, DType.BF16, false)).isCloseTo(336.7e6, within(4e6));
        assertThat(Activations.kept(decoder, DType.BF16, true)).isCloseTo(499.7e6, within(6e6));
    }
}

package dev.aerie.train.plan;

import dev.aerie.bench.Blocks;
import dev.aerie.tensor.DType;

/// Bytes that the backward pass needs of a block's forward pass, for one picture or row, once the block's own
/// temporaries are freed with their scope.
///
/// Counted in elements per token, with C the width, K that of keys and values, M the MLP's:
///
/// - always, in the working precision: what layer norms read (2 C), and what the MLP's activation reads and its
///   product reads again (from M for GELU to 4 M for a gated MLP with a norm inside);
/// - always, in float32, in which attention is computed: queries, keys, values and result, 2 C + 2 K; root-mean-square
///   norms read a float32 copy (2 C); relative positions take two more copies of the queries (2 C) and a whole matrix
///   of biases (heads · seen);
/// - where the block's weights learn: what their products read, 3 C + M, what learned scales of branches read (2 C),
///   and the normalised values of root-mean-square norms (2 C, float32).
///
/// Norms of queries and keys read and keep 2 C more, as the others of their kind; a norm of attention's result
/// reads C, which in float32 is that result, and its own result is what the next product reads.
///
/// In float32 the result of attention is what the next product reads, and counts once. A convolution's block keeps the
/// input of convolution and norm (2 C) and of the GELU (M), and where it learns as much again.
final class Activations {

    private static final int FLOAT = Float.BYTES;
    private static final int HEAD = 64;

    private Activations() {}

    /// The block's input, which is all that is kept where it is computed again.
    static double input(Blocks block, DType precision) {
        return block.tokens() * block.width() * precision.bytes();
    }

    /// All that is kept where it is not.
    static double kept(Blocks block, DType precision, boolean learns) {
        double c = block.width();
        double m = block.mlp();
        double size = precision.bytes();
        if (block.kind() == Blocks.Kind.CONVOLUTION) {
            return block.tokens() * size * (2 * c + m + (learns ? 2 * c + m : 0));
        }
        double working = switch (block.kind()) {
            case QUICK_GELU -> 2 * c + 2 * m;
            case GELU, SCALED_GELU, RELATIVE -> 2 * c + m;
            case SCALED_NORMED_GELU -> m;
            case NORMED_SWIGLU -> 2 * c + 4 * m;
            case NORMED_ATTENTION_SWIGLU -> (precision == DType.F32 ? 2 : 3) * c + 4 * m;
            case LLAMA, GATED_GELU -> 3 * m;
            case CONVOLUTION -> 0;
        };
        boolean resultIsRead = precision == DType.F32 && block.kind() != Blocks.Kind.NORMED_ATTENTION_SWIGLU;
        double scales = switch (block.kind()) {
            case SCALED_GELU, SCALED_NORMED_GELU -> 2 * c;
            default -> 0;
        };
        double learned = learns ? (resultIsRead ? 2 * c : 3 * c) + m + scales : 0;
        double rootMeanSquare = switch (block.kind()) {
            case LLAMA, GATED_GELU -> 2 * c;
            case SCALED_NORMED_GELU -> 4 * c;
            default -> 0;
        };
        double wide = learns ? 2 * rootMeanSquare : rootMeanSquare;
        double attention = 2 * c + 2 * block.keys();
        double matrices = block.kind() == Blocks.Kind.RELATIVE ? 2 * c + c / HEAD * block.seen() : 0;
        return block.tokens() * (size * (working + learned) + FLOAT * wide)
                + block.padded() * FLOAT * (attention + matrices);
    }

    /// What a block without a backward pass holds at once while it is computed: its widest step and the result of it.
    static double passing(Blocks block, DType precision) {
        double mlp = (2 * block.width() + 2 * block.mlp()) * precision.bytes();
        double attention = block.kind() == Blocks.Kind.CONVOLUTION
                ? 0
                : block.width() * precision.bytes() + (2 * block.width() + 2 * block.keys()) * FLOAT;
        return Math.max(block.tokens() * mlp, block.padded() * attention);
    }
}

package dev.aerie.bench;

/// A row of equal blocks, and what they work on for one picture or one row of tokens.
///
/// @param count  of the blocks
/// @param tokens that each computes on
/// @param padded tokens that its attention computes on; more than `tokens` where windows are padded
/// @param width  channels between the blocks
/// @param keys   channels of the keys, and of the values; `width` but in grouped-query attention
/// @param mlp    hidden width of the MLP
/// @param seen   tokens that one token attends to; half of them all in causal attention
public record Blocks(
        Kind kind, int count, double tokens, double padded, double width, double keys, double mlp, double seen) {

    /// What distinguishes blocks of the same sizes.
    public enum Kind {
        /// Two products around `x · σ(1.702 x)`.
        QUICK_GELU(2),
        /// Two products around a GELU.
        GELU(2),
        /// The same, with a learned scale for each branch (DINOv2, InternViT).
        SCALED_GELU(2),
        /// The same, with root-mean-square norms, also of queries and keys (InternViT-6B).
        SCALED_NORMED_GELU(2),
        /// Two products around a GELU, with relative positions in attention (SAM).
        RELATIVE(2),
        /// A gated MLP with GELU.
        GATED_GELU(3),
        /// A gated MLP with SiLU and a norm inside (EVA-02).
        NORMED_SWIGLU(3),
        /// The same, with a norm inside attention as well (EVA-CLIP).
        NORMED_ATTENTION_SWIGLU(3),
        /// A gated MLP with SiLU and root-mean-square norms (Llama).
        LLAMA(3),
        /// A depth-wise 7×7 convolution in the place of attention (ConvNeXt).
        CONVOLUTION(2);

        private final int products;

        Kind(int products) {
            this.products = products;
        }
    }

    /// The same for several pictures; a token goes on attending to its own.
    Blocks times(int pictures) {
        return new Blocks(kind, count, pictures * tokens, pictures * padded, width, keys, mlp, seen);
    }

    static Blocks transformer(Kind kind, int count, double tokens, double width, double mlp, double seen) {
        return new Blocks(kind, count, tokens, tokens, width, width, mlp, seen);
    }

    /// Floating-point operations of one block's forward pass, 2 per multiply-add: products and convolutions only.
    public double flops() {
        double mlps = 2 * tokens * kind.products * width * mlp;
        return kind == Kind.CONVOLUTION
                ? mlps + 2 * tokens * 49 * width
                : mlps + 2 * padded * 2 * width * (width + keys) + attention();
    }

    /// Those of them that compare tokens with each other and gather what is seen.
    public double attention() {
        return kind == Kind.CONVOLUTION ? 0 : 4 * padded * seen * width;
    }
}

package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;

/// InternVL's pixel shuffle of tokens (its version 2): squares of `factor` × `factor` tokens become one token of as
/// many times the channels.
///
/// @param factor side of a square
public record TokenShuffle(int factor) {

    /// `[B, n², C]` to `[B, (n / factor)², factor²·C]`, the tokens of a square side by side, row after row.
    public Tensor apply(Tensor tokens) {
        if (factor == 1) {
            return tokens;
        }
        long n = Math.round(Math.sqrt(tokens.size(1)));
        if (n * n != tokens.size(1) || n % factor != 0) {
            throw new AerieException("cannot join squares of " + factor + " x " + factor + " tokens of "
                    + tokens.describe() + ": expected [B, n², C] with n a multiple of " + factor);
        }
        long half = n / factor;
        return tokens.reshape(tokens.size(0), half, factor, half, factor, tokens.size(2))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(tokens.size(0), half * half, factor * factor * tokens.size(2));
    }
}

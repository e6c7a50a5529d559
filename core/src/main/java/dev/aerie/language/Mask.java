package dev.aerie.language;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/// Which keys a token sees, as what is added to the logits of attention. It is written where it is read, not into
/// Java's heap first: long rows of a batch have more than 2³¹ entries.
final class Mask {

    /// Large and finite: a padded token that sees nothing must not become NaN.
    private static final float HIDDEN = -1e30f;

    private Mask() {}

    @FunctionalInterface
    interface Visible {
        boolean test(int row, int token, int key);
    }

    /// `[rows, 1, tokens, keys]`
    static Tensor of(int rows, int tokens, int keys, Visible visible) {
        var mask = Tensor.empty(DType.F32, rows, 1, tokens, keys);
        var memory = mask.segment();
        long at = 0;
        for (int b = 0; b < rows; b++) {
            for (int t = 0; t < tokens; t++) {
                for (int k = 0; k < keys; k++) {
                    memory.setAtIndex(ValueLayout.JAVA_FLOAT, at++, visible.test(b, t, k) ? 0 : HIDDEN);
                }
            }
        }
        return mask;
    }
}

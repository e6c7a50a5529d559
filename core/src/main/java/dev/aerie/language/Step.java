package dev.aerie.language;

import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What all layers of one forward pass share: the new tokens' rotations and what they may attend to.
///
/// @param mask added to the logits, `[B or 1, 1, T, S]`; null where `causal` says it all or one token sees everything
record Step(Rope.Angles angles, @Nullable Tensor mask, boolean causal) {

    /// Large and finite: a padded token that sees nothing must not become NaN.
    private static final float HIDDEN = -1e30f;

    static Step of(LlamaConfig config, KvCache cache, int tokens) {
        int past = cache.length();
        var positions = new int[cache.batch()][tokens];
        int longest = 0;
        for (int b = 0; b < positions.length; b++) {
            for (int t = 0; t < tokens; t++) {
                positions[b][t] = Math.max(past + t - cache.padding(b), 0);
                longest = Math.max(longest, positions[b][t] + 1);
            }
        }
        var angles = config.rope().angles(positions, longest);
        if (cache.isPadded()) {
            return new Step(angles, mask(cache, past, tokens), false);
        }
        boolean plain = past == 0 || tokens == 1;
        return new Step(angles, plain ? null : mask(cache, past, tokens), past == 0 && tokens > 1);
    }

    private static Tensor mask(KvCache cache, int past, int tokens) {
        int keys = past + tokens;
        int batch = cache.isPadded() ? cache.batch() : 1;
        var values = new float[batch * tokens * keys];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < tokens; t++) {
                int row = (b * tokens + t) * keys;
                for (int k = 0; k < keys; k++) {
                    boolean visible = k >= cache.padding(b) && k <= past + t;
                    values[row + k] = visible ? 0 : HIDDEN;
                }
            }
        }
        return Tensor.of(values, batch, 1, tokens, keys);
    }
}

package dev.aerie.language;

import dev.aerie.nn.Heads;
import dev.aerie.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// New tokens behind those of a cache, which grows by their keys and values.
///
/// @param mask added to the logits, `[B or 1, 1, T, S]`; null where `causal` says it all or one token sees everything
record CachedStep(
        KvCache cache, Rope.Angles angles, @Nullable Tensor mask, boolean causal) implements Step {

    static CachedStep of(LlamaConfig config, KvCache cache, int tokens) {
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
        if (inPlace(cache, tokens)) {
            return new CachedStep(cache, angles, null, false);
        }
        if (cache.isPadded()) {
            return new CachedStep(cache, angles, mask(cache, past, tokens), false);
        }
        boolean plain = past == 0 || tokens == 1;
        return new CachedStep(cache, angles, plain ? null : mask(cache, past, tokens), past == 0 && tokens > 1);
    }

    private static Tensor mask(KvCache cache, int past, int tokens) {
        int batch = cache.isPadded() ? cache.batch() : 1;
        return Mask.of(batch, tokens, past + tokens, (b, t, k) -> k >= cache.padding(b) && k <= past + t);
    }

    /// One token of each sequence reads the cache where it lies, which knows the padding.
    private static boolean inPlace(KvCache cache, long tokens) {
        return tokens == 1 && cache.attendsInPlace();
    }

    @Override
    public Tensor attend(int layer, Tensor q, Tensor k, Tensor v, double scale) {
        cache.append(layer, k, v);
        int seen = cache.length() + Math.toIntExact(q.size(2));
        if (inPlace(cache, q.size(2))) {
            return Heads.join(cache.attend(layer, q, seen, scale));
        }
        return Step.mix(q, cache.keys(layer, seen), cache.values(layer, seen), mask, causal, scale);
    }
}

package dev.aerie.language;

import dev.aerie.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Whole sequences at once, without a cache: what training reads. A token belongs to the prefix of its row (turn 0) or
/// to one of several turns that share the prefix and do not see each other; each turn is then computed exactly as if it
/// followed the prefix alone.
///
/// @param turns `[B][T]`: the turn of each token. Within a row turns do not decrease
public record Rows(int[][] turns) {

    Step step(LlamaConfig config) {
        int longest = 0;
        var positions = new int[turns.length][];
        for (int b = 0; b < turns.length; b++) {
            positions[b] = positions(turns[b]);
            longest = Math.max(longest, Arrays.stream(positions[b]).max().orElse(0) + 1);
        }
        return new Whole(config.rope().angles(positions, longest), isPlain() ? null : mask());
    }

    private boolean isPlain() {
        return Arrays.stream(turns).allMatch(row -> Arrays.stream(row).allMatch(turn -> turn == 0));
    }

    /// Every turn starts where the prefix ends.
    static int[] positions(int[] turns) {
        var positions = new int[turns.length];
        int prefix = 0;
        for (int t = 0; t < turns.length; t++) {
            boolean starts = t > 0 && turns[t] != turns[t - 1];
            if (turns[t] == 0) {
                prefix = t + 1;
            }
            positions[t] = starts ? prefix : t == 0 ? 0 : positions[t - 1] + 1;
        }
        return positions;
    }

    /// `[B, 1, T, T]`
    private Tensor mask() {
        int tokens = turns[0].length;
        return Mask.of(turns.length, tokens, tokens, (b, t, k) -> {
            var row = turns[b];
            return k <= t && (row[k] == 0 || row[k] == row[t]);
        });
    }

    private record Whole(Rope.Angles angles, @Nullable Tensor mask) implements Step {

        @Override
        public Tensor attend(int layer, Tensor q, Tensor k, Tensor v, double scale) {
            return Step.mix(q, k, v, mask, mask == null, scale);
        }
    }
}

package dev.aerie.language;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/// How the next token is chosen from the scores. The filters act in the order of the fields, as in `transformers`.
///
/// @param repetitionPenalty scores of tokens already generated are divided (positive) or multiplied (negative) by it; 1
/// = off
/// @param temperature       0 takes the best token (greedy); else scores are divided by it
/// @param topK              keeps the k best; 0 = off
/// @param topP              keeps the fewest best tokens whose probabilities reach p; 1 = off
/// @param minP              keeps tokens at least this fraction as probable as the best; 0 = off
/// @param seed              of the draws; the same seed gives the same text
public record Sampling(double repetitionPenalty, double temperature, int topK, double topP, double minP, long seed) {

    public static final Sampling GREEDY = new Sampling(1, 0, 0, 1, 0, 0);

    public Sampling {
        require(repetitionPenalty > 0, "repetition penalty", repetitionPenalty, "above 0");
        require(temperature >= 0, "temperature", temperature, "0 or more");
        require(topK >= 0, "top-k", topK, "0 or more");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
        require(minP >= 0 && minP <= 1, "min-p", minP, "between 0 and 1");
    }

    private static void require(boolean holds, String name, double value, String range) {
        if (!holds) {
            throw new AerieException("cannot sample with " + name + " " + value + ": it must be " + range);
        }
    }

    /// Draws tokens of one sequence; in a batch each draws as it would alone.
    public Sampler sampler() {
        return new Sampler(this, new SplittableRandom(seed));
    }

    /// Chooses the tokens of one sequence; holds its random state.
    public static final class Sampler {

        private final Sampling sampling;
        private final SplittableRandom random;

        Sampler(Sampling sampling, SplittableRandom random) {
            this.sampling = sampling;
            this.random = random;
        }

        /// @param logits    scores over the vocabulary
        /// @param generated the tokens generated so far
        public int next(float[] logits, Set<Integer> generated) {
            requireNumbers(logits);
            if (sampling.repetitionPenalty == 1 && sampling.temperature == 0) {
                return best(logits);
            }
            var scores = penalised(logits, generated);
            return sampling.temperature == 0 ? best(scores) : draw(scores);
        }

        private float[] penalised(float[] logits, Set<Integer> generated) {
            var scores = logits.clone();
            for (int id : generated) {
                scores[id] = (float)
                        (scores[id] > 0
                                ? scores[id] / sampling.repetitionPenalty
                                : scores[id] * sampling.repetitionPenalty);
            }
            return scores;
        }

        private static void requireNumbers(float[] logits) {
            float best = logits[best(logits)];
            if (!Float.isFinite(best)) {
                throw new AerieException("cannot choose the next token: the best score is " + best
                        + "; are the weights damaged, or too large for the precision? Try --dtype float32");
            }
        }

        private int draw(float[] scores) {
            if (Float.isInfinite((float) (scores[best(scores)] / sampling.temperature))) {
                return best(scores); // so cold that nothing else has a chance
            }
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) (scores[i] / sampling.temperature);
            }
            var order = descending(scores);
            int kept = sampling.topK == 0 ? order.length : Math.min(sampling.topK, order.length);
            var weights = new double[kept]; // probabilities relative to the best token's
            double total = 0;
            for (int i = 0; i < kept; i++) {
                weights[i] = Math.exp((double) scores[order[i]] - scores[order[0]]);
                total += weights[i];
            }
            kept = nucleus(weights, kept, total);
            total = 0;
            for (int i = 0; i < kept; i++) {
                total += weights[i];
            }
            double point = random.nextDouble() * total;
            for (int i = 0; i < kept; i++) {
                point -= weights[i];
                if (point < 0) {
                    return order[i];
                }
            }
            return order[kept - 1];
        }

        /// How many of the best tokens top-p and min-p leave; at least one.
        private int nucleus(double[] weights, int most, double total) {
            int kept = most;
            double sum = 0;
            for (int i = 0; i < most; i++) {
                sum += weights[i];
                if (sum >= sampling.topP * total) {
                    kept = i + 1;
                    break;
                }
            }
            while (kept > 1 && weights[kept - 1] < sampling.minP) {
                kept--;
            }
            return kept;
        }

        /// Token ids by falling score; equal scores keep the order of ids.
        private static int[] descending(float[] scores) {
            var keys = new long[scores.length];
            for (int i = 0; i < keys.length; i++) {
                int bits = Float.floatToIntBits(scores[i]);
                int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE); // integer order = float order
                keys[i] = (long) ~ordered << 32 | i;
            }
            Arrays.sort(keys);
            var order = new int[keys.length];
            for (int i = 0; i < order.length; i++) {
                order[i] = (int) keys[i];
            }
            return order;
        }

        private static int best(float[] scores) {
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                if (scores[i] > scores[best]) {
                    best = i;
                }
            }
            return best;
        }
    }
}

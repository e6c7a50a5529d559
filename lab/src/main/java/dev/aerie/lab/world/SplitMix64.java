package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;

/// The generator SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014), written
/// out here because the world must stay the same on every JDK, for as long as checkpoints trained on it are
/// compared.
final class SplitMix64 {

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /// Neighbouring seeds give unrelated streams: the seed is mixed first, for it would otherwise only shift the
    /// stream.
    SplitMix64(long seed) {
        state = mix(seed + GAMMA);
    }

    /// A generator for another purpose, unrelated to what this one goes on to give.
    SplitMix64 fork(long purpose) {
        return new SplitMix64(state ^ mix(purpose));
    }

    long next() {
        state += GAMMA;
        return mix(state);
    }

    private static long mix(long z) {
        var a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        var b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    /// A whole number from 0 to `bound - 1`; the bias is below `bound / 2^64`.
    int below(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    /// A whole number, both ends included.
    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    double between(double least, double most) {
        return least + (next() >>> 11) * 0x1p-53 * (most - least);
    }

    boolean chance(double probability) {
        return between(0.0, 1.0) < probability;
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    <T> void shuffle(List<T> list) {
        for (var i = list.size() - 1; i > 0; i--) {
            list.set(i, list.set(below(i + 1), list.get(i)));
        }
    }

    /// The first `count` of the list in random order.
    <T> List<T> some(int count, List<T> list) {
        var copy = new ArrayList<>(list);
        shuffle(copy);
        return List.copyOf(copy.subList(0, Math.min(count, copy.size())));
    }
}

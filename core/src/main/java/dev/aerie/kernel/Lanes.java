package dev.aerie.kernel;

import static dev.aerie.kernel.Storage.FLOATS;
import static dev.aerie.kernel.Storage.LANES;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// What the Vector API leaves open to the last bit, so that it differs between interpreted and compiled code:
/// the order of a sum over lanes, and the exponential function. Here both are made of operations that are
/// exactly defined: a model computes the same in its first second as later, and a run of training that goes on
/// the same as one that never stopped.
final class Lanes {

    private static final VectorShuffle<Float> BY_8 = exchange(8);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);

    private static final float LOWEST = -87.3f;
    private static final float HIGHEST = 88.3f;
    private static final float LOG2_E = 1.442695041f;
    /// ln 2 in two parts; the first has few bits, so that its multiples are exact.
    private static final float LN2_HIGH = 0.693145752f;

    private static final float LN2_LOW = 1.42860677e-6f;
    /// Adding it rounds to an integer and leaves that in the lowest bits.
    private static final float ROUNDER = 12_582_912f;

    private static final int FRACTION_BITS = 23;

    private Lanes() {}

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) % LANES);
    }

    /// The sum over all lanes, halves first.
    static float sum(FloatVector v) {
        if (LANES > 16) {
            return v.reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
        }
        if (LANES > 8) {
            v = v.add(v.rearrange(BY_8));
        }
        if (LANES > 4) {
            v = v.add(v.rearrange(BY_4));
        }
        if (LANES > 2) {
            v = v.add(v.rearrange(BY_2));
        }
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /// eˣ, off by at most 2 in the last place; 0 below −87.3.
    ///
    /// x = n ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7.
    static FloatVector exp(FloatVector x) {
        var held = x.max(LOWEST).min(HIGHEST);
        var shifted = held.fma(broadcast(LOG2_E), broadcast(ROUNDER));
        var n = shifted.sub(ROUNDER);
        var r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), held));
        var p = r.fma(broadcast(1 / 5040f), broadcast(1 / 720f));
        p = p.fma(r, broadcast(1 / 120f));
        p = p.fma(r, broadcast(1 / 24f));
        p = p.fma(r, broadcast(1 / 6f));
        p = p.fma(r, broadcast(0.5f));
        p = p.fma(r, broadcast(1));
        p = p.fma(r, broadcast(1));
        var exponent = shifted.reinterpretAsInts().lanewise(LSHL, FRACTION_BITS);
        var scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        return scaled.blend(0, x.compare(LT, LOWEST));
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }
}

package dev.aerie.image;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The loops of a resize with the Vector API: bytes are widened to 32-bit lanes, multiplied and added there.
///
/// Along a row the channels lie interleaved, so a vector holds as many whole pixels as fit (5 of 16 lanes, 2 of 8) and
/// each weight stands three times in a row; the lanes of one channel are added at the end. Across rows the lanes
/// are independent.
final class VectorPass implements Pass {

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = INTS.length();

    /// The narrowest byte vector has 8 lanes; integers must have as many.
    static final boolean AVAILABLE = LANES >= 8;

    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(AVAILABLE ? INTS.vectorBitSize() / 4 : 64));
    private static final int PIXELS = LANES / 3;

    @Override
    public Along along(Taps taps) {
        var steps = (taps.stride() + PIXELS - 1) / PIXELS;
        var spread = spread(taps, steps);
        var width = 3 * (taps.end() + PIXELS * steps) + LANES; // no load from a row reaches further
        return (in, from, out, to) -> {
            if (from + (long) width <= in.length) {
                filter(taps, spread, steps, in, from, out, to);
            } else {
                var padded = new byte[width];
                System.arraycopy(in, from, padded, 0, Math.min(width, in.length - from));
                filter(taps, spread, steps, padded, 0, out, to);
            }
        };
    }

    private static void filter(Taps taps, int[] spread, int steps, byte[] in, int from, byte[] out, int to) {
        var lanes = new int[LANES];
        var target = to;
        for (var i = 0; i < taps.outputs(); i++) {
            var source = from + 3 * taps.first()[i];
            var at = i * steps * LANES;
            var sum = IntVector.zero(INTS);
            for (var step = 0; step < steps; step++) {
                sum = sum.add(widened(in, source).mul(IntVector.fromArray(INTS, spread, at)));
                source += 3 * PIXELS;
                at += LANES;
            }
            sum.intoArray(lanes, 0);
            var red = Taps.HALF;
            var green = Taps.HALF;
            var blue = Taps.HALF;
            for (var lane = 0; lane < 3 * PIXELS; lane += 3) {
                red += lanes[lane];
                green += lanes[lane + 1];
                blue += lanes[lane + 2];
            }
            out[target] = ScalarPass.clip(red);
            out[target + 1] = ScalarPass.clip(green);
            out[target + 2] = ScalarPass.clip(blue);
            target += 3;
        }
    }

    @Override
    public void across(byte[] in, int from, int rowBytes, int[] weights, int at, int count, byte[] out, int to) {
        var end = BYTES.loopBound(rowBytes);
        for (var x = 0; x < end; x += LANES) {
            var sum = IntVector.broadcast(INTS, Taps.HALF);
            for (var k = 0; k < count; k++) {
                sum = sum.add(widened(in, from + k * rowBytes + x).mul(weights[at + k]));
            }
            var bytes =
                    sum.lanewise(VectorOperators.ASHR, Taps.PRECISION).max(0).min(255);
            ((ByteVector) bytes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(out, to + x);
        }
        ScalarPass.across(in, from, rowBytes, weights, at, count, out, to, end);
    }

    private static IntVector widened(byte[] in, int at) {
        return (IntVector) ByteVector.fromArray(BYTES, in, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /// `[outputs, steps, lanes]`: every weight three times, zeros where a step is not full.
    private static int[] spread(Taps taps, int steps) {
        var spread = new int[taps.outputs() * steps * LANES];
        for (var i = 0; i < taps.outputs(); i++) {
            for (var k = 0; k < taps.count()[i]; k++) {
                var lane = (i * steps + k / PIXELS) * LANES + 3 * (k % PIXELS);
                var weight = taps.weights()[i * taps.stride() + k];
                spread[lane] = weight;
                spread[lane + 1] = weight;
                spread[lane + 2] = weight;
            }
        }
        return spread;
    }
}

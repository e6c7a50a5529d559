package dev.aerie.image;

import dev.aerie.AerieException;
import java.util.Arrays;

/// Which input pixels make each output pixel of one side of a resize, and with which weights.
///
/// @param first per output pixel, the first input pixel
/// @param count per output pixel, how many input pixels
/// @param weights `[outputs, stride]` in units of 2⁻²²; zero beyond `count`
/// @param stride the largest possible count
@SuppressWarnings("ArrayRecordComponent") // never compared
record Taps(int[] first, int[] count, int[] weights, int stride) {

    /// Pillow keeps 32 bits for a sum of weighted bytes: 8 for the byte and 2 for overshoot leave 22 for the weight.
    static final int PRECISION = 32 - 8 - 2;

    /// Half of the last kept bit: where every sum starts, so that the shift rounds.
    static final int HALF = 1 << (PRECISION - 1);

    /// The taps of the outputs `from` … `from + outputs − 1` of a side that goes from `in` to `out` pixels. The order
    /// of the floating-point operations is Pillow's: another order would round some weights differently.
    static Taps of(int in, int out, int from, int outputs, Filter filter) {
        var scale = (double) in / out;
        var stretch = Math.max(1, scale);
        var support = filter.support() * stretch;
        var stride = (int) Math.min(in, 2 * Math.ceil(support) + 1);
        if ((long) stride * outputs > Integer.MAX_VALUE / 8) {
            throw new AerieException("cannot resize a side of " + in + " pixels to " + out
                    + ": the filter would need more than 2^28 weights; crop the picture first");
        }
        var taps = new Taps(new int[outputs], new int[outputs], new int[stride * outputs], stride);
        var kernel = new double[stride];
        for (var i = 0; i < outputs; i++) {
            var centre = (from + i + 0.5) * scale;
            var first = Math.max(0, (int) (centre - support + 0.5));
            var count = Math.min(in, (int) (centre + support + 0.5)) - first;
            var sum = 0.0;
            for (var k = 0; k < count; k++) {
                kernel[k] = filter.weight((k + first - centre + 0.5) * (1 / stretch));
                sum += kernel[k];
            }
            taps.first[i] = first;
            taps.count[i] = count;
            for (var k = 0; k < count; k++) {
                taps.weights[i * stride + k] = fixed(sum == 0 ? kernel[k] : kernel[k] / sum);
            }
        }
        return taps;
    }

    /// The first input pixel that any output needs.
    int start() {
        return Arrays.stream(first).min().orElse(0);
    }

    /// One past the last input pixel that any output needs.
    int end() {
        var end = 0;
        for (var i = 0; i < first.length; i++) {
            end = Math.max(end, first[i] + count[i]);
        }
        return end;
    }

    int outputs() {
        return first.length;
    }

    private static int fixed(double weight) {
        return (int) (weight * (1 << PRECISION) + (weight < 0 ? -0.5 : 0.5));
    }
}

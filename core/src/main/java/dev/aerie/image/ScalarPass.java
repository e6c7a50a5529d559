package dev.aerie.image;

/// The loops of a resize in plain Java: what {@link VectorPass} must equal, and the fallback for machines with narrow
/// vectors.
final class ScalarPass implements Pass {

    @Override
    public Along along(Taps taps) {
        return (in, from, out, to) -> {
            var target = to;
            for (var i = 0; i < taps.outputs(); i++) {
                var source = from + 3 * taps.first()[i];
                var red = Taps.HALF;
                var green = Taps.HALF;
                var blue = Taps.HALF;
                var at = i * taps.stride();
                for (var k = 0; k < taps.count()[i]; k++) {
                    var weight = taps.weights()[at + k];
                    red += (in[source] & 0xFF) * weight;
                    green += (in[source + 1] & 0xFF) * weight;
                    blue += (in[source + 2] & 0xFF) * weight;
                    source += 3;
                }
                out[target] = clip(red);
                out[target + 1] = clip(green);
                out[target + 2] = clip(blue);
                target += 3;
            }
        };
    }

    @Override
    public void across(byte[] in, int from, int rowBytes, int[] weights, int at, int count, byte[] out, int to) {
        across(in, from, rowBytes, weights, at, count, out, to, 0);
    }

    /// The bytes of a row from `begin` on.
    static void across(
            byte[] in, int from, int rowBytes, int[] weights, int at, int count, byte[] out, int to, int begin) {
        for (var x = begin; x < rowBytes; x++) {
            var sum = Taps.HALF;
            for (var k = 0; k < count; k++) {
                sum += (in[from + k * rowBytes + x] & 0xFF) * weights[at + k];
            }
            out[to + x] = clip(sum);
        }
    }

    static byte clip(int sum) {
        return (byte) Math.clamp(sum >> Taps.PRECISION, 0, 255);
    }
}

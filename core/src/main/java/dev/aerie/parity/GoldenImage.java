package dev.aerie.parity;

import dev.aerie.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/// The formula `golden-image-v1`: noise plus two triangle waves, made in float64 and rounded once.
final class GoldenImage {

    private static final long MODULUS = 1L << 32;

    private GoldenImage() {}

    /// `[1, 3, size, size]` for `{"formula": …, "seed": …, "size": …}`.
    static Tensor of(JsonNode image) {
        int size = image.get("size").intValue();
        long seed = image.get("seed").longValue();
        var values = new float[3 * size * size];
        int i = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++, i++) {
                    double noise = (double) Long.remainderUnsigned(i * 2654435761L + seed * 40503, MODULUS) / MODULUS;
                    values[i] = (float) (0.5 * (noise * 2 - 1)
                            + 0.5 * triangle(x + 17 * c + 3 * seed, 96)
                            + 0.5 * triangle(2L * y + x + 29 * c, 160));
                }
            }
        }
        return Tensor.of(values, 1, 3, size, size);
    }

    private static double triangle(long t, long period) {
        long m = t % period;
        long half = period / 2;
        return (double) (m < half ? m : period - m) / half * 2 - 1;
    }
}

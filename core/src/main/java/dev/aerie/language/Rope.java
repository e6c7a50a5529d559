package dev.aerie.language;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;

/// Rotary position embedding (RoFormer): channel pair (j, j + D/2) of a head turns by `position · θ^(−2j/D)`.
///
/// Angles are computed in float32, as the reference does: at large positions that differs from the exact angle.
///
/// @param width of a head, D
/// @param theta the base
public record Rope(int width, double theta, Scaling scaling) {

    /// How the angles are stretched for contexts longer than the trained one.
    public sealed interface Scaling {

        Scaling NONE = new Linear(1);

        /// Positions are divided by `factor`.
        record Linear(double factor) implements Scaling {}

        /// The base grows with the length once it exceeds the trained context (NTK-aware).
        record Dynamic(double factor, int trained) implements Scaling {}

        /// Llama 3.1: long wavelengths are stretched by `factor`, short ones kept, those between blended.
        record Llama3(double factor, double lowFrequency, double highFrequency, int trained) implements Scaling {}
    }

    /// Whether the angles of all positions change with the number of them.
    boolean dependsOnLength() {
        return scaling instanceof Scaling.Dynamic;
    }

    /// Whether they do at this number: beyond it, nothing that was read before is as if read now.
    public boolean isStretchedAt(int length) {
        return scaling instanceof Scaling.Dynamic(double _, int trained) && length > trained;
    }

    /// Cosines and sines `[B, 1, T, D]`, the sines of the first half negated: with `x'` the halves of x
    /// exchanged, x turned is `x · cos + x' · sin`.
    public record Angles(Tensor cos, Tensor sin) {}

    /// @param positions of the tokens, one row per sequence
    /// @param length    of the longest sequence so far; only dynamic scaling looks at it
    Angles angles(int[][] positions, int length) {
        var frequencies = frequencies(length);
        int tokens = positions[0].length;
        var cos = new float[positions.length * tokens * width];
        var sin = new float[cos.length];
        int at = 0;
        for (var row : positions) {
            for (int position : row) {
                for (int d = 0; d < width; d++) {
                    float angle = position * frequencies[d % frequencies.length];
                    cos[at] = (float) Math.cos(angle);
                    sin[at++] = (float) (d < width / 2 ? -Math.sin(angle) : Math.sin(angle));
                }
            }
        }
        return new Angles(
                Tensor.of(cos, positions.length, 1, tokens, width), Tensor.of(sin, positions.length, 1, tokens, width));
    }

    /// `[D/2]`
    private float[] frequencies(int length) {
        double base = theta;
        if (scaling instanceof Scaling.Dynamic(double factor, int trained) && length > trained) {
            base = theta * Math.pow(factor * length / trained - (factor - 1), width / (width - 2.0));
        }
        var frequencies = new float[width / 2];
        for (int j = 0; j < frequencies.length; j++) {
            float exponent = 2f * j / width;
            frequencies[j] = scaled(1 / (float) Math.pow(base, exponent));
        }
        return frequencies;
    }

    private float scaled(float frequency) {
        return switch (scaling) {
            case Scaling.Linear(double factor) -> (float) (frequency / factor);
            case Scaling.Dynamic _ -> frequency;
            case Scaling.Llama3(double factor, double low, double high, int trained) -> {
                double wavelength = 2 * Math.PI / frequency;
                if (wavelength < trained / high) {
                    yield frequency;
                }
                if (wavelength > trained / low) {
                    yield (float) (frequency / factor);
                }
                double smooth = (trained / wavelength - low) / (high - low);
                yield (float) ((1 - smooth) * frequency / factor + smooth * frequency);
            }
        };
    }

    /// Turns `[B, H, T, D]`; the result is float32, which attention computes in.
    static Tensor rotate(Tensor x, Angles angles) {
        var wide = x.to(DType.F32);
        return wide.times(angles.cos()).plusProductInPlace(wide.roll(3, x.size(3) / 2), angles.sin());
    }
}

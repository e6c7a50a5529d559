package dev.aerie.image;

/// The resampling filters of Pillow. `support` is half the width of the kernel, in pixels of the smaller picture.
public enum Filter {
    NEAREST(0) {
        @Override
        double weight(double x) {
            throw new IllegalStateException("the nearest pixel is picked, not weighted");
        }
    },
    BOX(0.5) {
        @Override
        double weight(double x) {
            return x > -0.5 && x <= 0.5 ? 1 : 0;
        }
    },
    BILINEAR(1) {
        @Override
        double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    /// Its constants are single numbers in Pillow.
    HAMMING(1) {
        @Override
        double weight(double x) {
            var distance = Math.abs(x);
            return distance >= 1
                    ? 0
                    : distance == 0 ? 1 : sinc(distance) * (0.54f + 0.46f * StrictMath.cos(distance * Math.PI));
        }
    },
    /// Keys' cubic convolution with a = −1/2.
    BICUBIC(2) {
        @Override
        double weight(double x) {
            var d = Math.abs(x);
            if (d < 1) {
                return (1.5 * d - 2.5) * d * d + 1;
            }
            return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0;
        }
    },
    LANCZOS(3) {
        @Override
        double weight(double x) {
            return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    };

    private final double support;

    Filter(double support) {
        this.support = support;
    }

    double support() {
        return support;
    }

    /// The kernel at `x`, not normalised.
    abstract double weight(double x);

    private static double sinc(double x) {
        var angle = x * Math.PI;
        return x == 0 ? 1 : StrictMath.sin(angle) / angle;
    }
}

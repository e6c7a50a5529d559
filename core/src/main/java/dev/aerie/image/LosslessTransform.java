package dev.aerie.image;

/// What a lossless WebP encoder did to the pixels to pack them better, and how it is undone (RFC 9649 § 4). Pixels are
/// 0xAARRGGBB.
@SuppressWarnings("ArrayRecordComponent") // never compared
sealed interface LosslessTransform {

    /// Undoes the transform on `[height, width]` pixels, where `width` is that of the result; may work in place.
    int[] undo(int[] pixels, int width, int height);

    /// Blue and red were stored without green.
    record SubtractGreen() implements LosslessTransform {

        @Override
        public int[] undo(int[] pixels, int width, int height) {
            for (var i = 0; i < pixels.length; i++) {
                var green = pixels[i] >> 8 & 0xFF;
                var redAndBlue = (pixels[i] & 0x00FF00FF) + ((green << 16) | green);
                pixels[i] = (pixels[i] & 0xFF00FF00) | (redAndBlue & 0x00FF00FF);
            }
            return pixels;
        }
    }

    /// Red and blue were stored without what green, and for blue red, say about them, block by block.
    record CrossColour(int bits, int[] blocks) implements LosslessTransform {

        @Override
        public int[] undo(int[] pixels, int width, int height) {
            var columns = LosslessPixels.shrunk(width, bits);
            for (var i = 0; i < pixels.length; i++) {
                var block = blocks[((i / width) >> bits) * columns + ((i % width) >> bits)];
                var green = pixels[i] >> 8;
                var red = (pixels[i] >> 16) + share(block, green) & 0xFF;
                var blue = pixels[i] + share(block >> 8, green) + share(block >> 16, red) & 0xFF;
                pixels[i] = (pixels[i] & 0xFF00FF00) | (red << 16) | blue;
            }
            return pixels;
        }

        private static int share(int factor, int value) {
            return ((byte) factor * (byte) value) >> 5;
        }
    }

    /// Pixels were stored as indices into a palette, in the green channel; of a small palette several in one pixel.
    record Palette(int bits, int[] colours) implements LosslessTransform {

        /// How far the width shrinks, as a power of two.
        static int bits(int colours) {
            return colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0;
        }

        @Override
        public int[] undo(int[] packed, int width, int height) {
            var pixels = bits == 0 ? packed : new int[width * height];
            var packedWidth = LosslessPixels.shrunk(width, bits);
            var depth = 8 >> bits;
            for (var y = 0; y < height; y++) {
                for (var x = 0; x < width; x++) {
                    var green = packed[y * packedWidth + (x >> bits)] >> 8 & 0xFF;
                    var index = green >> (depth * (x & (1 << bits) - 1)) & (1 << depth) - 1;
                    pixels[y * width + x] = index < colours.length ? colours[index] : 0;
                }
            }
            return pixels;
        }
    }

    /// Pixels were stored without a guess from their neighbours; which guess, says the green channel of each block.
    record Prediction(int bits, int[] blocks) implements LosslessTransform {

        private static final int BLACK = 0xFF000000;

        @Override
        public int[] undo(int[] pixels, int width, int height) {
            var columns = LosslessPixels.shrunk(width, bits);
            for (var i = 0; i < pixels.length; i++) {
                var x = i % width;
                int guess;
                if (i == 0) {
                    guess = BLACK;
                } else if (i < width) {
                    guess = pixels[i - 1];
                } else if (x == 0) {
                    guess = pixels[i - width];
                } else {
                    var mode = (blocks[((i / width) >> bits) * columns + (x >> bits)] >> 8) & 15;
                    // To the right of the last column lies the first pixel of the next row, which is this one's.
                    guess = guess(mode, pixels[i - 1], pixels[i - width], pixels[i - width - 1], pixels[i - width + 1]);
                }
                pixels[i] = sum(pixels[i], guess);
            }
            return pixels;
        }

        private static int guess(int mode, int left, int top, int corner, int right) {
            return switch (mode) {
                case 1 -> left;
                case 2 -> top;
                case 3 -> right;
                case 4 -> corner;
                case 5 -> mean(mean(left, right), top);
                case 6 -> mean(left, corner);
                case 7 -> mean(left, top);
                case 8 -> mean(corner, top);
                case 9 -> mean(top, right);
                case 10 -> mean(mean(left, corner), mean(top, right));
                case 11 -> distance(top, corner) < distance(left, corner) ? left : top;
                case 12 -> gradient(left, top, corner);
                case 13 -> halfGradient(mean(left, top), corner);
                default -> BLACK;
            };
        }

        /// Channel by channel, each modulo 256.
        private static int sum(int a, int b) {
            var alphaAndGreen = (a & 0xFF00FF00) + (b & 0xFF00FF00);
            var redAndBlue = (a & 0x00FF00FF) + (b & 0x00FF00FF);
            return (alphaAndGreen & 0xFF00FF00) | (redAndBlue & 0x00FF00FF);
        }

        /// Channel by channel, rounded down.
        private static int mean(int a, int b) {
            return (((a ^ b) & 0xFEFEFEFE) >>> 1) + (a & b);
        }

        private static int distance(int a, int b) {
            var sum = 0;
            for (var shift = 0; shift < 32; shift += 8) {
                sum += Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF));
            }
            return sum;
        }

        private static int gradient(int left, int top, int corner) {
            var result = 0;
            for (var shift = 0; shift < 32; shift += 8) {
                var value = (left >> shift & 0xFF) + (top >> shift & 0xFF) - (corner >> shift & 0xFF);
                result |= Math.clamp(value, 0, 255) << shift;
            }
            return result;
        }

        private static int halfGradient(int mean, int corner) {
            var result = 0;
            for (var shift = 0; shift < 32; shift += 8) {
                var value = mean >> shift & 0xFF;
                result |= Math.clamp(value + (value - (corner >> shift & 0xFF)) / 2, 0, 255) << shift;
            }
            return result;
        }
    }
}

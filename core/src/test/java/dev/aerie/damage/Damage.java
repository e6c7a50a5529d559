package dev.aerie.damage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The ways in which a file is damaged, each drawn from a seed.
enum Damage {
    TRUNCATED {
        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            return Arrays.copyOf(file, random.nextInt(file.length));
        }
    },
    BITS_FLIPPED {
        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            var copy = file.clone();
            for (int i = random.nextInt(1, 9); i > 0; i--) {
                copy[place(copy, random)] ^= (byte) (1 << random.nextInt(8));
            }
            return copy;
        }
    },
    /// A size or an offset that lies: four or eight bytes, in either order, become an extreme number.
    NUMBER_LIES {
        private static final long[] NUMBERS = {0, 1, -1, Long.MAX_VALUE, Integer.MAX_VALUE, 0xFFFFFFFFL, 1L << 40};

        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            var copy = file.clone();
            int width = random.nextBoolean() ? 4 : 8;
            int at = place(copy, random);
            long number = NUMBERS[random.nextInt(NUMBERS.length)];
            boolean little = random.nextBoolean();
            for (int i = 0; i < width && at + i < copy.length; i++) {
                copy[at + i] = (byte) (number >>> 8 * (little ? i : width - 1 - i));
            }
            return copy;
        }
    },
    /// A number in text becomes another.
    DIGITS_LIE {
        private static final String[] NUMBERS = {"0", "-1", "99999999999999999999", "1e308", "2147483648", "7", "[]"};

        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            int start = place(file, random);
            while (start < file.length && !Character.isDigit(file[start])) {
                start++;
            }
            int end = start;
            while (end < file.length && Character.isDigit(file[end])) {
                end++;
            }
            var number = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(StandardCharsets.US_ASCII);
            return join(Arrays.copyOf(file, start), number, Arrays.copyOfRange(file, end, file.length));
        }
    },
    SLICE_LOST {
        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            int start = place(file, random);
            int end = Math.min(file.length, start + random.nextInt(1, 200));
            return join(Arrays.copyOf(file, start), Arrays.copyOfRange(file, end, file.length));
        }
    },
    SLICE_REPEATED {
        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            int start = place(file, random);
            int end = Math.min(file.length, start + random.nextInt(1, 200));
            return join(Arrays.copyOf(file, end), Arrays.copyOfRange(file, start, file.length));
        }
    },
    BLOCK_ZEROED {
        @Override
        byte[] apply(byte[] file, SplittableRandom random) {
            var copy = file.clone();
            int start = place(copy, random);
            Arrays.fill(copy, start, Math.min(copy.length, start + random.nextInt(1, 4096)), (byte) 0);
            return copy;
        }
    };

    private static final int HEADER = 1024;

    abstract byte[] apply(byte[] file, SplittableRandom random);

    /// A place in the file; every second one near its beginning or end, where the sizes stand.
    private static int place(byte[] file, SplittableRandom random) {
        int reach = Math.min(HEADER, file.length);
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(reach);
            case 1 -> file.length - 1 - random.nextInt(reach);
            default -> random.nextInt(file.length);
        };
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var all = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}

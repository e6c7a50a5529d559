package dev.aerie.image;

import dev.aerie.AerieException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// An 8-bit RGB picture.
///
/// @param width columns, at least 1
/// @param height rows, at least 1
/// @param rgb `[height, width, 3]` bytes, row by row; not copied, so whoever hands it over no longer writes to it
@SuppressWarnings("ArrayRecordComponent") // a copy of every picture would cost more than it protects
public record Picture(int width, int height, byte[] rgb) {

    public Picture {
        var bytes = byteCount(width, height);
        if (rgb.length != bytes) {
            throw new AerieException("cannot make a picture of " + width + "x" + height + " pixels from " + rgb.length
                    + " bytes: expected " + bytes + ", three for each pixel");
        }
    }

    /// A picture of one colour.
    public static Picture filled(int width, int height, int red, int green, int blue) {
        var rgb = allocate(width, height);
        var row = new byte[Math.multiplyExact(3, width)];
        for (var x = 0; x < row.length; x += 3) {
            row[x] = (byte) red;
            row[x + 1] = (byte) green;
            row[x + 2] = (byte) blue;
        }
        for (var y = 0; y < height; y++) {
            System.arraycopy(row, 0, rgb, y * row.length, row.length);
        }
        return new Picture(width, height, rgb);
    }

    /// The hexadecimal SHA-256 of the pixels: a key under which features of this picture can be kept. It does not cover
    /// the size; put that into the key too where pictures of several sizes meet.
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rgb));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Zeroed pixels for a picture of this size; too large a size is an error of ours, not of the virtual machine.
    static byte[] allocate(int width, int height) {
        var bytes = byteCount(width, height);
        try {
            return new byte[bytes];
        } catch (OutOfMemoryError e) {
            throw new AerieException(
                    "no memory for a picture of " + width + "x" + height + " pixels (" + bytes
                            + " bytes): use a smaller picture or give Java more heap (-Xmx)",
                    e);
        }
    }

    /// The bytes of a picture of this size; refuses sizes that are empty or too large for an array.
    static int byteCount(int width, int height) {
        if (width < 1 || height < 1 || 3L * width * height > Integer.MAX_VALUE - 16) {
            throw new AerieException("cannot make a picture of " + width + "x" + height
                    + " pixels: expected sides of at least 1 and at most 715827877 pixels in all");
        }
        return 3 * width * height;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture(var w, var h, var bytes)
                && w == width
                && h == height
                && Arrays.equals(bytes, rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "Picture[" + width + "x" + height + "]";
    }
}

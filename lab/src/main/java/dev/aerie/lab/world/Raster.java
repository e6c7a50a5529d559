package dev.aerie.lab.world;

import dev.aerie.image.Box;
import dev.aerie.image.Picture;
import java.util.Arrays;

/// Paints discs, polygons and thick lines at twice the size of the picture, without blending; averaging four pixels to
/// one then smooths the edges. Coordinates are pixels of the picture, with the corner at 0 and the middle of the first
/// pixel at 0.5. What lies outside is not painted.
///
/// What is painted while a mark is set belongs to the object of that number.
final class Raster {

    private static final int FINE = 2;

    private final int width;
    private final int height;
    private final int fineWidth;
    private final int fineHeight;
    private final int[] pixels;
    private final byte[] marks;
    private double[] crossings = new double[16];
    private final double[] quad = new double[8];
    private int ink;
    private byte mark;
    private int left;
    private int top;
    private int right;
    private int bottom;

    Raster(int width, int height, int ground) {
        this.width = width;
        this.height = height;
        fineWidth = FINE * width;
        fineHeight = FINE * height;
        pixels = new int[fineWidth * fineHeight];
        marks = new byte[fineWidth * fineHeight];
        Arrays.fill(pixels, ground);
    }

    /// What to paint with, `0xRRGGBB`.
    void ink(int rgb) {
        ink = rgb;
    }

    /// Begins an object; 0 ends it.
    void mark(int number) {
        mark = (byte) number;
        left = fineWidth;
        top = fineHeight;
        right = 0;
        bottom = 0;
    }

    /// The smallest box of whole pixels around what was painted since [#mark(int)].
    Box marked() {
        var x = left / FINE;
        var y = top / FINE;
        return new Box(x, y, (right + FINE - 1) / FINE - x, (bottom + FINE - 1) / FINE - y);
    }

    void disc(double x, double y, double radius) {
        ring(x, y, radius, 0);
    }

    /// What lies between two circles.
    void ring(double x, double y, double outer, double inner) {
        var cx = FINE * x;
        var big = FINE * outer;
        var small = FINE * inner;
        var last = last(y + outer);
        for (var row = first(y - outer); row <= last; row++) {
            var dy = row + 0.5 - FINE * y;
            var reach = Math.sqrt(Math.max(0, big * big - dy * dy));
            var hole = small * small - dy * dy;
            if (hole > 0) {
                var gap = Math.sqrt(hole);
                fill(row, cx - reach, cx - gap);
                fill(row, cx + gap, cx + reach);
            } else {
                fill(row, cx - reach, cx + reach);
            }
        }
    }

    void rectangle(double x, double y, double width, double height) {
        var last = last(y + height);
        for (var row = first(y); row <= last; row++) {
            fill(row, FINE * x, FINE * (x + width));
        }
    }

    /// A polygon, also a hollowed one, by its corners `x0, y0, x1, y1, …`; what is inside is told by the even-odd rule.
    void polygon(double... corners) {
        var top = Double.POSITIVE_INFINITY;
        var bottom = Double.NEGATIVE_INFINITY;
        for (var i = 1; i < corners.length; i += 2) {
            top = Math.min(top, corners[i]);
            bottom = Math.max(bottom, corners[i]);
        }
        if (crossings.length < corners.length / 2) {
            crossings = new double[corners.length / 2];
        }
        var last = last(bottom);
        for (var row = first(top); row <= last; row++) {
            var count = cross(corners, row + 0.5);
            Arrays.sort(crossings, 0, count);
            for (var i = 0; i + 1 < count; i += 2) {
                fill(row, crossings[i], crossings[i + 1]);
            }
        }
    }

    /// Where the edges cross a line through the middle of a row; the number of crossings.
    private int cross(double[] corners, double y) {
        var count = 0;
        var px = FINE * corners[corners.length - 2];
        var py = FINE * corners[corners.length - 1];
        for (var i = 0; i < corners.length; i += 2) {
            var x = FINE * corners[i];
            var cy = FINE * corners[i + 1];
            if (cy > y != py > y) {
                crossings[count++] = px + (x - px) * (y - py) / (cy - py);
            }
            px = x;
            py = cy;
        }
        return count;
    }

    /// A line with round ends.
    void line(double x0, double y0, double x1, double y1, double width) {
        disc(x0, y0, width / 2);
        disc(x1, y1, width / 2);
        var dx = x1 - x0;
        var dy = y1 - y0;
        var length = Math.sqrt(dx * dx + dy * dy);
        if (length > 0) {
            var nx = -dy / length * width / 2;
            var ny = dx / length * width / 2;
            quad[0] = x0 + nx;
            quad[1] = y0 + ny;
            quad[2] = x1 + nx;
            quad[3] = y1 + ny;
            quad[4] = x1 - nx;
            quad[5] = y1 - ny;
            quad[6] = x0 - nx;
            quad[7] = y0 - ny;
            polygon(quad);
        }
    }

    /// Marks a rectangle for the object without painting it.
    void claim(double x, double y, double width, double height) {
        var last = last(y + height);
        for (var row = first(y); row <= last; row++) {
            mark(row, column(FINE * x), column(FINE * (x + width)));
        }
    }

    /// The first row whose middle is at or below `y`.
    private static int first(double y) {
        return Math.max(0, (int) Math.ceil(FINE * y - 0.5));
    }

    /// The last row whose middle is above `y`.
    private int last(double y) {
        return Math.min(fineHeight, (int) Math.ceil(FINE * y - 0.5)) - 1;
    }

    /// The first column whose middle is at or right of a fine coordinate.
    private int column(double x) {
        return Math.clamp((long) Math.ceil(x - 0.5), 0, fineWidth);
    }

    private void fill(int row, double from, double to) {
        var start = column(from);
        var end = column(to);
        if (start < end) {
            Arrays.fill(pixels, row * fineWidth + start, row * fineWidth + end, ink);
            mark(row, start, end);
        }
    }

    private void mark(int row, int start, int end) {
        if (mark != 0 && start < end) {
            Arrays.fill(marks, row * fineWidth + start, row * fineWidth + end, mark);
            left = Math.min(left, start);
            right = Math.max(right, end);
            top = Math.min(top, row);
            bottom = Math.max(bottom, row + 1);
        }
    }

    /// The marks, from one of the four fine pixels of each pixel.
    byte[] marks() {
        var reduced = new byte[width * height];
        for (var y = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                reduced[y * width + x] = marks[FINE * (y * fineWidth + x)];
            }
        }
        return reduced;
    }

    /// The picture, each channel off by up to `noise`, up to 127.
    Picture picture(SplitMix64 dice, int noise) {
        var rgb = new byte[3 * width * height];
        var levels = 2 * noise + 1;
        for (int y = 0, out = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                var at = FINE * (y * fineWidth + x);
                var a = pixels[at];
                var b = pixels[at + 1];
                var c = pixels[at + fineWidth];
                var d = pixels[at + fineWidth + 1];
                var outer = (a & 0xFF00FF) + (b & 0xFF00FF) + (c & 0xFF00FF) + (d & 0xFF00FF) + 0x020002;
                var middle = (a & 0xFF00) + (b & 0xFF00) + (c & 0xFF00) + (d & 0xFF00) + 0x0200;
                // 21 bits for each of the three channels.
                var bits = dice.next();
                rgb[out++] = channel(outer >>> 18 & 0xFF, bits >>> 43, levels, noise);
                rgb[out++] = channel(middle >>> 10 & 0xFF, bits >>> 22 & 0x1FFFFF, levels, noise);
                rgb[out++] = channel(outer >>> 2 & 0xFF, bits & 0x1FFFFF, levels, noise);
            }
        }
        return new Picture(width, height, rgb);
    }

    private static byte channel(int value, long random, int levels, int noise) {
        return (byte) Math.clamp(value + (int) (random * levels >>> 21) - noise, 0, 255);
    }
}

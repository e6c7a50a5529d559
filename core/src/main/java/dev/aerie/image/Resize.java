package dev.aerie.image;

import dev.aerie.AerieException;
import java.util.stream.IntStream;

/// Pillow's `Image.resize` for 8-bit RGB, byte for byte: two passes of fixed-point filtering, one along the
/// rows, one across them, each rounded to 8 bits. Shrinking widens the filter, so that every pixel counts.
public final class Resize {

    private Resize() {}

    /// The picture at another size, at least 1×1.
    public static Picture resize(Picture picture, int width, int height, Filter filter) {
        return resize(picture, width, height, filter, Box.whole(width, height));
    }

    /// The part `window` of the resized picture: the same pixels as a crop of the whole, without computing the rest.
    public static Picture resize(Picture picture, int width, int height, Filter filter, Box window) {
        return resize(picture, width, height, filter, window, Pass.fastest());
    }

    static Picture resize(Picture picture, int width, int height, Filter filter, Box window, Pass pass) {
        if (!window.fits(width, height)) {
            throw new AerieException(task(picture, width, height)
                    + (width < 1 || height < 1
                            ? ": both sides must be at least 1"
                            : ": the window " + window + " does not lie in it"));
        }
        if (width == picture.width() && height == picture.height()) {
            return Canvas.crop(picture, window);
        }
        Picture.byteCount(window.width(), window.height());
        try {
            return filter == Filter.NEAREST
                    ? nearest(picture, width, height, window)
                    : filtered(picture, width, height, filter, window, pass);
        } catch (OutOfMemoryError e) {
            throw new AerieException(
                    task(picture, width, height) + ": not enough memory; resize to fewer pixels or give Java more heap"
                            + " (-Xmx)",
                    e);
        }
    }

    private static String task(Picture picture, int width, int height) {
        return "cannot resize a picture of " + picture.width() + "x" + picture.height() + " pixels to " + width + "x"
                + height;
    }

    private static Picture filtered(Picture in, int width, int height, Filter filter, Box window, Pass pass) {
        var columns = Taps.of(in.width(), width, window.left(), window.width(), filter);
        var rows = Taps.of(in.height(), height, window.top(), window.height(), filter);
        if (height == in.height()) {
            return alongRows(in, window.top(), window.height(), columns, pass);
        }
        if (width == in.width()) {
            var strip = new Box(window.left(), 0, window.width(), in.height());
            return acrossRows(Canvas.crop(in, strip), 0, rows, pass);
        }
        if (columnsFirst(in, width, height)) {
            return alongRows(acrossRows(in, 0, rows, pass), 0, window.height(), columns, pass);
        }
        return acrossRows(
                alongRows(in, rows.start(), rows.end() - rows.start(), columns, pass), rows.start(), rows, pass);
    }

    /// Which pass comes first shows in the last bit, because the first one rounds. Pillow from version 13 on takes the
    /// columns first where the height loses more than twice as many pixels as the width; older ones never do.
    private static boolean columnsFirst(Picture in, int width, int height) {
        return height < in.height() && in.height() - height > 2L * (in.width() - width);
    }

    /// `count` rows from `top` on, filtered to the width of the taps.
    private static Picture alongRows(Picture in, int top, int count, Taps taps, Pass pass) {
        var rgb = Picture.allocate(taps.outputs(), count);
        var along = pass.along(taps);
        IntStream.range(0, count)
                .parallel()
                .forEach(y -> along.row(in.rgb(), 3 * (top + y) * in.width(), rgb, 3 * y * taps.outputs()));
        return new Picture(taps.outputs(), count, rgb);
    }

    /// Filtered to the height of the taps, whose row 0 lies `top` rows above the picture.
    private static Picture acrossRows(Picture in, int top, Taps taps, Pass pass) {
        var rgb = Picture.allocate(in.width(), taps.outputs());
        var rowBytes = 3 * in.width();
        IntStream.range(0, taps.outputs()).parallel().forEach(y -> {
            var from = (taps.first()[y] - top) * rowBytes;
            pass.across(
                    in.rgb(), from, rowBytes, taps.weights(), y * taps.stride(), taps.count()[y], rgb, y * rowBytes);
        });
        return new Picture(in.width(), taps.outputs(), rgb);
    }

    /// Pillow steps through the input by adding the scale again and again; so does this, for its rounding.
    private static Picture nearest(Picture in, int width, int height, Box window) {
        var columns = steps(in.width(), width, window.left(), window.width());
        var rows = steps(in.height(), height, window.top(), window.height());
        var rgb = Picture.allocate(window.width(), window.height());
        IntStream.range(0, window.height()).parallel().forEach(y -> {
            var source = 3 * rows[y] * in.width();
            var target = 3 * y * window.width();
            for (var column : columns) {
                rgb[target] = in.rgb()[source + 3 * column];
                rgb[target + 1] = in.rgb()[source + 3 * column + 1];
                rgb[target + 2] = in.rgb()[source + 3 * column + 2];
                target += 3;
            }
        });
        return new Picture(window.width(), window.height(), rgb);
    }

    private static int[] steps(int in, int out, int from, int count) {
        var scale = (double) in / out;
        var steps = new int[count];
        var position = scale * 0.5;
        for (var i = 0; i < from + count; i++) {
            if (i >= from) {
                steps[i - from] = Math.min(in - 1, (int) position);
            }
            position += scale;
        }
        return steps;
    }
}

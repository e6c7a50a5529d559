package dev.aerie.image;

import dev.aerie.AerieException;

/// Moves pixels without changing them: paste, crop, pad. All pictures are `[height, width, 3]`.
public final class Canvas {

    private Canvas() {}

    /// The pixels inside the box, which must lie within the picture.
    public static Picture crop(Picture picture, Box box) {
        if (!box.fits(picture.width(), picture.height())) {
            throw new AerieException("cannot crop " + box + " from a picture of " + picture.width() + "x"
                    + picture.height() + " pixels: the box must lie inside the picture");
        }
        if (box.width() == picture.width() && box.height() == picture.height()) {
            return picture;
        }
        var rgb = Picture.allocate(box.width(), box.height());
        copy(picture, box, rgb, box.width(), 0, 0);
        return new Picture(box.width(), box.height(), rgb);
    }

    /// The middle of the picture, as Hugging Face's `center_crop` cuts it: black where the picture is smaller than the
    /// crop. Of an odd remainder the larger part is cut off at the right and bottom, or padded at the left and top.
    public static Picture centreCrop(Picture picture, int width, int height) {
        var columns = Span.centred(picture.width(), width);
        var rows = Span.centred(picture.height(), height);
        var part = new Box(columns.from(), rows.from(), columns.count(), rows.count());
        if (part.width() == width && part.height() == height) {
            return crop(picture, part);
        }
        var rgb = Picture.allocate(width, height);
        copy(picture, part, rgb, width, columns.to(), rows.to());
        return new Picture(width, height, rgb);
    }

    /// `base` with `top` over it, its upper left pixel at (left, upper); what falls outside is dropped.
    public static Picture paste(Picture base, Picture top, int left, int upper) {
        var rgb = base.rgb().clone();
        var fromX = Math.max(0, -(long) left);
        var fromY = Math.max(0, -(long) upper);
        var toX = Math.min(top.width(), (long) base.width() - left);
        var toY = Math.min(top.height(), (long) base.height() - upper);
        if (fromX < toX && fromY < toY) {
            var part = new Box((int) fromX, (int) fromY, (int) (toX - fromX), (int) (toY - fromY));
            copy(top, part, rgb, base.width(), Math.max(0, left), Math.max(0, upper));
        }
        return new Picture(base.width(), base.height(), rgb);
    }

    /// The picture in the middle of a square whose side is its longer one (LLaVA's `expand2square`); of an odd
    /// remainder the larger part lies at the right or bottom. The square is filled with the colour.
    public static Picture padToSquare(Picture picture, int red, int green, int blue) {
        var side = Math.max(picture.width(), picture.height());
        if (picture.width() == picture.height()) {
            return picture;
        }
        var square = Picture.filled(side, side, red, green, blue);
        var whole = Box.whole(picture.width(), picture.height());
        var left = (side - picture.width()) / 2;
        var upper = (side - picture.height()) / 2;
        copy(picture, whole, square.rgb(), side, left, upper);
        return square;
    }

    private static void copy(Picture source, Box part, byte[] target, int targetWidth, int left, int upper) {
        for (var y = 0; y < part.height(); y++) {
            System.arraycopy(
                    source.rgb(),
                    3 * ((part.top() + y) * source.width() + part.left()),
                    target,
                    3 * ((upper + y) * targetWidth + left),
                    3 * part.width());
        }
    }
}

package dev.aerie.image;

/// How a camera was held: what must be done to a picture so that its top is up. In the order of the EXIF values 1 … 8.
public enum Orientation {
    NORMAL(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN_RIGHT(true, false, true),
    TRANSVERSED(true, true, true),
    QUARTER_TURN_LEFT(true, true, false);

    private final boolean swaps;
    private final boolean fromRight;
    private final boolean fromBottom;

    /// @param swaps rows become columns
    /// @param fromRight the source is read from right to left
    /// @param fromBottom the source is read from bottom to top
    Orientation(boolean swaps, boolean fromRight, boolean fromBottom) {
        this.swaps = swaps;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /// The orientation of EXIF tag 0x0112; values outside 1 … 8 mean nothing and are {@link #NORMAL}.
    public static Orientation ofExif(int value) {
        return value >= 1 && value <= 8 ? values()[value - 1] : NORMAL;
    }

    /// The picture upright.
    public Picture apply(Picture picture) {
        if (this == NORMAL) {
            return picture;
        }
        var width = swaps ? picture.height() : picture.width();
        var height = swaps ? picture.width() : picture.height();
        var stepX = fromRight ? -3 : 3;
        var stepY = (fromBottom ? -3 : 3) * picture.width();
        var start = (fromRight ? 3 * (picture.width() - 1) : 0)
                + (fromBottom ? 3 * picture.width() * (picture.height() - 1) : 0);
        var alongRow = swaps ? stepY : stepX;
        var toNextRow = swaps ? stepX : stepY;
        var rgb = Picture.allocate(width, height);
        var target = 0;
        for (var y = 0; y < height; y++) {
            var source = start + y * toNextRow;
            for (var x = 0; x < width; x++) {
                rgb[target] = picture.rgb()[source];
                rgb[target + 1] = picture.rgb()[source + 1];
                rgb[target + 2] = picture.rgb()[source + 2];
                target += 3;
                source += alongRow;
            }
        }
        return new Picture(width, height, rgb);
    }
}

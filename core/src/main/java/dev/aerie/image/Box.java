package dev.aerie.image;

/// A rectangle of pixels.
///
/// @param left first column
/// @param top first row
/// @param width columns
/// @param height rows
public record Box(int left, int top, int width, int height) {

    /// The whole of a picture of this size.
    public static Box whole(int width, int height) {
        return new Box(0, 0, width, height);
    }

    /// Whether no pixel lies outside a picture of this size and there is at least one.
    public boolean fits(int pictureWidth, int pictureHeight) {
        return left >= 0
                && top >= 0
                && width >= 1
                && height >= 1
                && (long) left + width <= pictureWidth
                && (long) top + height <= pictureHeight;
    }
}

package dev.aerie.tiling;

import dev.aerie.image.Box;
import dev.aerie.image.Canvas;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import dev.aerie.image.Size;

/// One look at a picture: it is resized, laid on a canvas, and a rectangle of that is what an encoder gets.
///
/// @param scaled size of the resized picture
/// @param filter by which it is resized
/// @param left   column of the canvas where its left edge lies
/// @param top    row of the canvas where its upper edge lies
/// @param ground grey of the canvas around it, 0 to 255
/// @param part   the rectangle; its size is the view's
public record View(Size scaled, Filter filter, int left, int top, int ground, Box part) {

    /// The whole picture at some size.
    static View whole(int width, int height) {
        return new View(new Size(width, height), Filter.BICUBIC, 0, 0, 0, Box.whole(width, height));
    }

    /// The same look at another part of the canvas.
    View at(Box other) {
        return new View(scaled, filter, left, top, ground, other);
    }

    boolean sharesCanvas(View other) {
        return equals(other.at(part));
    }

    /// The part of the canvas in this view that the picture covers; it may be empty.
    public Box covered() {
        int fromX = Math.max(part.left(), left);
        int fromY = Math.max(part.top(), top);
        int toX = Math.min(part.left() + part.width(), left + scaled.width());
        int toY = Math.min(part.top() + part.height(), top + scaled.height());
        return new Box(fromX, fromY, Math.max(0, toX - fromX), Math.max(0, toY - fromY));
    }

    /// What is seen of a picture.
    public Picture of(Picture picture) {
        var covered = covered();
        if (covered.width() == 0 || covered.height() == 0) {
            return empty();
        }
        var window = new Box(covered.left() - left, covered.top() - top, covered.width(), covered.height());
        var seen = Resize.resize(picture, scaled.width(), scaled.height(), filter, window);
        return covered.equals(part)
                ? seen
                : Canvas.paste(empty(), seen, covered.left() - part.left(), covered.top() - part.top());
    }

    private Picture empty() {
        return Picture.filled(part.width(), part.height(), ground, ground, ground);
    }
}

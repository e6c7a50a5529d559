package dev.aerie.image;

/// A size in pixels, tiles or cells.
public record Size(int width, int height) {

    /// Pixels, tiles or cells in all.
    public long area() {
        return (long) width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}

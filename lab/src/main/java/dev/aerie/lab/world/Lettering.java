package dev.aerie.lab.world;

import dev.aerie.image.Picture;

/// Lines of text as pictures, in the letters of the world: a to z in capitals, digits and `: . , ? -`; other signs stay
/// blank.
///
/// @param advance from one character to the next, in pixels
/// @param ink     `0xRRGGBB`
/// @param ground  `0xRRGGBB`
public record Lettering(double advance, int ink, int ground) {

    /// Space around a line, as a share of the advance.
    private static final double MARGIN = 0.25;

    /// Height of a line in pixels.
    public int height() {
        return (int) Math.ceil(StrokeFont.height(advance) + 2 * MARGIN * advance);
    }

    /// A line, as wide as its text.
    public Picture line(String text) {
        int width = (int) Math.ceil(StrokeFont.width(text, advance) + 2 * MARGIN * advance);
        var raster = new Raster(Math.max(1, width), height(), ground);
        raster.ink(ink);
        StrokeFont.write(raster, text, MARGIN * advance, MARGIN * advance, advance);
        return raster.picture(new SplitMix64(0), 0);
    }
}

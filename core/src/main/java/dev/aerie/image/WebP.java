package dev.aerie.image;

import java.util.OptionalLong;

/// WebP: a RIFF file with one frame, or with several of which the first is read. Lossy frames are decoded by
/// {@link Vp8}, lossless ones by {@link Vp8Lossless}; an alpha plane beside a lossy frame is not looked at.
final class WebP {

    private WebP() {}

    static Decoded read(Source source) {
        var end = 8 + source.u32le(4);
        if (end > source.length()) {
            throw source.damaged("its WebP header promises " + end + " bytes, but it has " + source.length());
        }
        var orientation = find(source, 12, end, "EXIF");
        var animation = find(source, 12, end, "ANMF");
        var picture = animation.isPresent() ? firstFrame(source, animation.getAsLong()) : frame(source, 12, end);
        return orientation.isPresent()
                ? new Decoded(picture, Exif.orientation(source, orientation.getAsLong() + 8))
                : new Decoded(picture);
    }

    /// The frame of an animation may cover a part of its canvas only; the rest is black.
    private static Picture firstFrame(Source source, long chunk) {
        var canvas = find(source, 12, 8 + source.u32le(4), "VP8X")
                .orElseThrow(() -> source.damaged("it is a WebP animation without a VP8X chunk"));
        var width = 1 + source.u24le(canvas + 12);
        var height = 1 + source.u24le(canvas + 15);
        source.checkSize(width, height);
        var left = 2 * source.u24le(chunk + 8);
        var top = 2 * source.u24le(chunk + 11);
        var picture = frame(source, chunk + 24, chunk + 8 + source.u32le(chunk + 4));
        if (!new Box(left, top, picture.width(), picture.height()).fits(width, height)) {
            throw source.damaged("its first WebP frame lies outside its canvas of " + width + "x" + height);
        }
        return picture.width() == width && picture.height() == height
                ? picture
                : Canvas.paste(Picture.filled(width, height, 0, 0, 0), picture, left, top);
    }

    private static Picture frame(Source source, long from, long end) {
        var lossy = find(source, from, end, "VP8 ");
        if (lossy.isPresent()) {
            var data = lossy.getAsLong() + 8;
            return Vp8.read(source, data, data + source.u32le(data - 4));
        }
        var lossless = find(source, from, end, "VP8L")
                .orElseThrow(() -> source.damaged("it is a WebP file without a picture"));
        return Vp8Lossless.read(source, lossless + 8, lossless + 8 + source.u32le(lossless + 4));
    }

    /// The place of the first chunk of this kind between two bytes; all chunks up to it must be whole.
    private static OptionalLong find(Source source, long from, long end, String kind) {
        for (var at = from; at + 8 <= end; ) {
            var size = source.u32le(at + 4);
            if (at + 8 + size > end) {
                throw source.damaged("its WebP chunk at byte " + at + " ends beyond byte " + end);
            }
            if (source.has(at, kind)) {
                return OptionalLong.of(at);
            }
            at += 8 + size + size % 2;
        }
        return OptionalLong.empty();
    }
}

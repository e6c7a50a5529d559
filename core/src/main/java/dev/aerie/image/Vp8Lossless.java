package dev.aerie.image;

import java.util.ArrayDeque;
import java.util.Deque;

/// A lossless WebP frame (VP8L, RFC 9649): transforms, then pixels, then the transforms undone in reverse.
final class Vp8Lossless {

    private static final int SIGNATURE = 0x2F;

    private final Source source;
    private final LosslessBits bits;
    private final LosslessPixels coded;
    private final Deque<LosslessTransform> transforms = new ArrayDeque<>();

    private Vp8Lossless(Source source, LosslessBits bits) {
        this.source = source;
        this.bits = bits;
        coded = new LosslessPixels(source, bits);
    }

    /// The frame in the bytes `from` … `end − 1` of the source.
    static Picture read(Source source, long from, long end) {
        if (end - from < 5 || source.u8(from) != SIGNATURE || source.u8(from + 4) >> 5 != 0) {
            throw source.damaged("its WebP frame does not begin like a lossless one");
        }
        var sizes = source.u32le(from + 1);
        var width = (int) (sizes & 0x3FFF) + 1;
        var height = (int) (sizes >> 14 & 0x3FFF) + 1;
        source.checkSize(width, height);
        return new Vp8Lossless(source, new LosslessBits(source.bytes(), from + 5, end)).picture(width, height);
    }

    private Picture picture(int width, int height) {
        var codedWidth = width;
        var seen = 0;
        while (bits.flag()) {
            var kind = bits.take(2);
            if ((seen & 1 << kind) != 0) {
                throw source.damaged("its WebP frame names a transform twice");
            }
            seen |= 1 << kind;
            var transform = transform(kind, codedWidth, height);
            transforms.push(transform);
            if (transform instanceof LosslessTransform.Palette palette) {
                codedWidth = LosslessPixels.shrunk(codedWidth, palette.bits());
            }
        }
        var pixels = coded.read(codedWidth, height, true);
        for (var transform : transforms) {
            if (transform instanceof LosslessTransform.Palette) {
                codedWidth = width; // nothing else changes the width
            }
            pixels = transform.undo(pixels, codedWidth, height);
        }
        return opaque(pixels, width, height);
    }

    private LosslessTransform transform(int kind, int width, int height) {
        if (kind == 2) {
            return new LosslessTransform.SubtractGreen();
        }
        if (kind == 3) {
            var colours = coded.read(1 + bits.take(8), 1, false);
            new LosslessTransform.Prediction(30, new int[1]).undo(colours, colours.length, 1);
            return new LosslessTransform.Palette(LosslessTransform.Palette.bits(colours.length), colours);
        }
        var size = 2 + bits.take(3);
        var blocks = coded.read(LosslessPixels.shrunk(width, size), LosslessPixels.shrunk(height, size), false);
        return kind == 0
                ? new LosslessTransform.Prediction(size, blocks)
                : new LosslessTransform.CrossColour(size, blocks);
    }

    private static Picture opaque(int[] pixels, int width, int height) {
        var rgb = Picture.allocate(width, height);
        for (var i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new Picture(width, height, rgb);
    }
}

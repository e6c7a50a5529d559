package dev.aerie.image;

import java.util.HexFormat;

/// The entropy-coded pixels of lossless WebP (RFC 9649 § 3.6): literals, copies and colours of a cache. The frame
/// itself, its transforms and its choice of prefix codes are all stored like this.
final class LosslessPixels {

    /// Near pixels by distance code: 16 × rows up + 8 − columns to the right.
    private static final byte[] NEAR = HexFormat.of()
            .parseHex(
                    "1807171928062729161a262a38053739151b363a252b48044749141c353b464a242c58454b343c035759131d565a232d444c"
                            + "555b333d68026769121e666a222e545c434d656b323e78017779535d111f646c424e767a212f757b313f636d525e00747c41"
                            + "4f1020626e30737d515f40727e616f50717f6070");

    private static final int CACHE_HASH = 0x1E35A7BD;

    private final Source source;
    private final LosslessBits bits;

    LosslessPixels(Source source, LosslessBits bits) {
        this.source = source;
        this.bits = bits;
    }

    /// Reads `[height, width]` pixels, 0xAARRGGBB. `whole`: they are the frame itself, for which regions may have
    /// prefix codes of their own.
    int[] read(int width, int height, boolean whole) {
        var cacheBits = bits.flag() ? bits.take(4) : 0;
        if (cacheBits > 11) {
            throw source.damaged("its WebP colour cache has " + cacheBits + " bits");
        }
        var cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
        var regionBits = 30;
        var regions = new int[1];
        if (whole && bits.flag()) {
            regionBits = 2 + bits.take(3);
            regions = read(shrunk(width, regionBits), shrunk(height, regionBits), false);
        }
        var groups = new PrefixGroup[1 + greatest(regions)];
        for (var i = 0; i < groups.length; i++) {
            groups[i] = PrefixGroup.read(bits, cache.length, source);
        }
        return pixels(width, height, cache, 32 - cacheBits, regionBits, regions, groups);
    }

    /// How many blocks of 2^bits cover a side.
    static int shrunk(int side, int bits) {
        return ((side - 1) >> bits) + 1;
    }

    private static int greatest(int[] regions) {
        var greatest = 0;
        for (var i = 0; i < regions.length; i++) {
            regions[i] = regions[i] >> 8 & 0xFFFF;
            greatest = Math.max(greatest, regions[i]);
        }
        return greatest;
    }

    private int[] pixels(
            int width, int height, int[] cache, int cacheShift, int regionBits, int[] regions, PrefixGroup[] groups) {
        var pixels = new int[width * height];
        var regionColumns = shrunk(width, regionBits);
        var cached = 0;
        for (var at = 0; at < pixels.length; ) {
            var group = groups[regions[((at / width) >> regionBits) * regionColumns + ((at % width) >> regionBits)]];
            var green = group.green().read(bits);
            if (green < PrefixGroup.LITERALS) {
                var red = group.red().read(bits);
                var blue = group.blue().read(bits);
                pixels[at++] = group.alpha().read(bits) << 24 | red << 16 | green << 8 | blue;
            } else if (green < PrefixGroup.LITERALS + PrefixGroup.LENGTHS) {
                var length = extended(green - PrefixGroup.LITERALS);
                var distance = distance(extended(group.distance().read(bits)), width);
                if (distance > at || length > pixels.length - at) {
                    throw source.damaged("its WebP frame copies pixels from outside the picture");
                }
                for (var end = at + length; at < end; at++) {
                    pixels[at] = pixels[at - distance];
                }
            } else {
                // Pixels enter the cache late, when it is asked: a copy may have brought many.
                cached = remember(pixels, cached, at, cache, cacheShift);
                pixels[at++] = cache[green - PrefixGroup.LITERALS - PrefixGroup.LENGTHS];
            }
            if (bits.exhausted()) {
                throw source.damaged("its WebP frame ends at pixel " + at + " of " + pixels.length);
            }
        }
        return pixels;
    }

    private static int remember(int[] pixels, int from, int to, int[] cache, int shift) {
        for (var i = from; i < to; i++) {
            cache[(CACHE_HASH * pixels[i]) >>> shift] = pixels[i];
        }
        return to;
    }

    /// A length or distance: a symbol gives its magnitude, further bits the rest.
    private int extended(int symbol) {
        if (symbol < 4) {
            return symbol + 1;
        }
        var extra = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << extra) + bits.take(extra) + 1;
    }

    private static int distance(int code, int width) {
        if (code > NEAR.length) {
            return code - NEAR.length;
        }
        var near = NEAR[code - 1];
        return Math.max(1, (near >> 4) * width + 8 - (near & 15));
    }
}

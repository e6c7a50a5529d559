package dev.aerie.cli.show;

import dev.aerie.image.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A picture of few colours, each pixel the number of one. They are found by median cut (Heckbert 1982): the colours in
/// use, seen to five bits a channel, are a box. As long as there may be more colours, the box with the most pixels
/// times its longest side is cut in two across that side, so that each half has as many pixels. A box's colour is its
/// pixels' mean.
///
/// @param colours as `0xRRGGBB`
/// @param pixels  row by row
@SuppressWarnings("ArrayRecordComponent") // made once, read by one encoder
record IndexedPicture(int width, int height, int[] colours, short[] pixels) {

    private static final int BITS = 5;
    private static final int CHANNELS = 3;

    /// Colours that look the same to five bits a channel, with the sums of their pixels.
    private record Shade(int key, long[] sums, long pixels) {

        int channel(int channel) {
            return key >> BITS * channel & (1 << BITS) - 1;
        }
    }

    /// @param pixels  of all shades
    /// @param channel along which the box is longest
    /// @param weight  pixels times the length along it
    private record Box(List<Shade> shades, long pixels, int channel, long weight) {

        static Box of(List<Shade> shades) {
            long pixels = shades.stream().mapToLong(Shade::pixels).sum();
            var extents = IntStream.range(0, CHANNELS)
                    .map(channel -> extent(shades, channel))
                    .toArray();
            int longest = IntStream.range(0, CHANNELS)
                    .boxed()
                    .max(Comparator.comparingInt(channel -> extents[channel]))
                    .orElse(0);
            return new Box(shades, pixels, longest, pixels * extents[longest]);
        }

        private static int extent(List<Shade> shades, int channel) {
            var span = shades.stream().mapToInt(shade -> shade.channel(channel)).summaryStatistics();
            return span.getMax() - span.getMin();
        }

        List<Box> cut() {
            var sorted = shades.stream()
                    .sorted(Comparator.comparingInt(shade -> shade.channel(channel)))
                    .toList();
            long half = pixels / 2;
            int at = 1;
            for (long seen = sorted.getFirst().pixels(); at < sorted.size() - 1 && seen < half; at++) {
                seen += sorted.get(at).pixels();
            }
            return List.of(of(sorted.subList(0, at)), of(sorted.subList(at, sorted.size())));
        }

        int colour() {
            int rgb = 0;
            for (int each = CHANNELS - 1; each >= 0; each--) {
                int index = each;
                long sum = shades.stream().mapToLong(shade -> shade.sums[index]).sum();
                rgb = rgb << 8 | (int) ((sum + pixels / 2) / pixels);
            }
            return rgb;
        }
    }

    /// @param most colours
    static IndexedPicture of(Picture picture, int most) {
        var boxes = new ArrayList<>(List.of(Box.of(shades(picture))));
        while (boxes.size() < most) {
            var largest =
                    boxes.stream().max(Comparator.comparingLong(Box::weight)).orElseThrow();
            if (largest.weight() == 0) {
                break;
            }
            boxes.remove(largest);
            boxes.addAll(largest.cut());
        }
        var numbers = new short[1 << CHANNELS * BITS];
        for (int i = 0; i < boxes.size(); i++) {
            for (var shade : boxes.get(i).shades) {
                numbers[shade.key] = (short) i;
            }
        }
        var pixels = new short[picture.width() * picture.height()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = numbers[key(picture.rgb(), CHANNELS * i)];
        }
        var colours = boxes.stream().mapToInt(Box::colour).toArray();
        return new IndexedPicture(picture.width(), picture.height(), colours, pixels);
    }

    int at(int x, int y) {
        return pixels[y * width + x];
    }

    private static List<Shade> shades(Picture picture) {
        int keys = 1 << CHANNELS * BITS;
        var sums = new long[keys][];
        var counts = new long[keys];
        var rgb = picture.rgb();
        for (int at = 0; at < rgb.length; at += CHANNELS) {
            int key = key(rgb, at);
            if (counts[key]++ == 0) {
                sums[key] = new long[CHANNELS];
            }
            for (int channel = 0; channel < CHANNELS; channel++) {
                sums[key][channel] += rgb[at + CHANNELS - 1 - channel] & 0xFF;
            }
        }
        return IntStream.range(0, keys)
                .filter(key -> counts[key] > 0)
                .mapToObj(key -> new Shade(key, sums[key], counts[key]))
                .toList();
    }

    /// Red in the upper bits, as in a colour; channel 0 is blue.
    private static int key(byte[] rgb, int at) {
        int key = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            key = key << BITS | (rgb[at + channel] & 0xFF) >> 8 - BITS;
        }
        return key;
    }
}

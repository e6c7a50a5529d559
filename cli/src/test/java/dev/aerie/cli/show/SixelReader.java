package dev.aerie.cli.show;

import dev.aerie.image.Picture;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Draws a sixel sequence as a terminal does.
public final class SixelReader {

    private static final Pattern FRAME =
            Pattern.compile("\033P[0-9;]*q\"1;1;(\\d+);(\\d+)(.*)\033\\\\\\s*", Pattern.DOTALL);
    private static final Pattern ITEM =
            Pattern.compile("#(\\d+);2;(\\d+);(\\d+);(\\d+)|#(\\d+)|!(\\d+)([?-~])|([?-~])|(\\$)|(-)");

    private final int width;
    private final int height;
    private final byte[] rgb;
    private final boolean[] drawn;
    private final Map<Integer, int[]> colours = new HashMap<>();
    private int[] colour = {};
    private int x;
    private int top;

    private SixelReader(int width, int height) {
        this.width = width;
        this.height = height;
        rgb = new byte[3 * width * height];
        drawn = new boolean[width * height];
    }

    /// An error if a pixel is left out, or lies outside.
    public static Picture read(String text) {
        var frame = FRAME.matcher(text);
        if (!frame.matches()) {
            throw new IllegalArgumentException("no sixel sequence");
        }
        var reader = new SixelReader(Integer.parseInt(frame.group(1)), Integer.parseInt(frame.group(2)));
        var items = ITEM.matcher(frame.group(3));
        int end = 0;
        while (items.find()) {
            if (items.start() != end) {
                throw new IllegalArgumentException("strange character at " + end);
            }
            end = items.end();
            reader.take(items);
        }
        return reader.picture(end == frame.group(3).length());
    }

    private void take(Matcher item) {
        if (item.group(1) != null) {
            colours.put(number(item, 1), new int[] {number(item, 2), number(item, 3), number(item, 4)});
        } else if (item.group(5) != null) {
            colour = colours.getOrDefault(number(item, 5), new int[] {});
        } else if (item.group(6) != null) {
            draw(item.group(7).charAt(0), number(item, 6));
        } else if (item.group(8) != null) {
            draw(item.group(8).charAt(0), 1);
        } else {
            x = 0;
            top += item.group(10) != null ? 6 : 0;
        }
    }

    private static int number(Matcher item, int group) {
        return Integer.parseInt(item.group(group));
    }

    private void draw(char sixel, int times) {
        for (int end = x + times; x < end; x++) {
            for (int i = 0; i < 6; i++) {
                if ((sixel - '?' >> i & 1) != 0) {
                    set((top + i) * width + x);
                }
            }
        }
    }

    private void set(int pixel) {
        for (int channel = 0; channel < 3; channel++) {
            rgb[3 * pixel + channel] = (byte) Math.round(colour[channel] * 2.55);
        }
        drawn[pixel] = true;
    }

    private Picture picture(boolean whole) {
        for (boolean each : drawn) {
            whole &= each;
        }
        if (!whole || colours.size() > 256) {
            throw new IllegalArgumentException("not all pixels were drawn, or too many colours");
        }
        return new Picture(width, height, rgb);
    }
}

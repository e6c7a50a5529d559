package dev.aerie.lab.world;

import java.util.HashMap;
import java.util.Map;

/// A font of lines: capitals, digits and a few signs on a lattice of five by seven points. No two glyphs are
/// alike: zero has a slash, I has serifs. Sizes are given by the advance, the distance from one character to the
/// next.
final class StrokeFont {

    /// The width and the height of a glyph, and the width of its lines, as shares of the advance.
    static final double WIDTH = 0.68;

    static final double HEIGHT = 1.05;

    private static final double STROKE = 0.13;
    private static final double THINNEST = 1;

    /// Each glyph and its strokes; a stroke is a row of points, each written as the digits of x and y.
    private static final String GLYPHS = """
            a 0602204246 0444
            b 00063645443303 3342413000
            c 4130100105163645
            d 00062644422000
            e 40000646 0333
            f 400006 0333
            g 41301001051636454323
            h 0006 4046 0343
            i 1030 2026 1636
            j 204045361605
            k 0006 400346
            l 000646
            m 0600234046
            n 06004640
            o 103041453616050110
            p 06003041423303
            q 103041453616050110 2446
            r 06003041423303 2346
            s 413010010213334445361605
            t 0040 2026
            u 000516364540
            v 002640
            w 0016233640
            x 0046 4006
            y 002340 2326
            z 00400646
            0 103041453616050110 0541
            1 022026 0646
            2 01103041420646
            3 01103041423313 334445361605
            4 36300444
            5 400003334445361605
            6 30100105163645443303
            7 004016
            8 13020110304142331304051636454433
            9 43130201103041453616
            : 2122 2425
            . 2626
            , 2617
            ? 01103041422324 2626
            - 1333
            """;

    private static final Map<Character, double[][]> STROKES = strokes();

    private StrokeFont() {}

    private static Map<Character, double[][]> strokes() {
        var glyphs = new HashMap<Character, double[][]>();
        for (var line : GLYPHS.lines().toList()) {
            var parts = line.split(" ");
            var strokes = new double[parts.length - 1][];
            for (var i = 0; i < strokes.length; i++) {
                strokes[i] = parts[i + 1].chars().mapToDouble(c -> c - '0').toArray();
            }
            glyphs.put(parts[0].charAt(0), strokes);
        }
        return Map.copyOf(glyphs);
    }

    /// The width of a text from its first line to its last.
    static double width(String text, double advance) {
        return (text.length() - 1 + WIDTH) * advance;
    }

    static double height(double advance) {
        return HEIGHT * advance;
    }

    /// Writes a text in the raster's ink, its first glyph's corner at the point; what has no glyph stays blank.
    static void write(Raster raster, String text, double x, double y, double advance) {
        var width = Math.max(THINNEST, STROKE * advance);
        for (var i = 0; i < text.length(); i++) {
            for (var stroke : STROKES.getOrDefault(text.charAt(i), new double[0][])) {
                stroke(raster, stroke, x + i * advance, y, advance, width);
            }
        }
    }

    private static void stroke(Raster raster, double[] points, double x, double y, double advance, double width) {
        var dx = WIDTH * advance / 4;
        var dy = HEIGHT * advance / 6;
        for (var i = 0; i == 0 || i + 3 < points.length; i += 2) {
            var to = Math.min(i + 2, points.length - 2);
            raster.line(
                    x + dx * points[i], y + dy * points[i + 1], x + dx * points[to], y + dy * points[to + 1], width);
        }
    }
}

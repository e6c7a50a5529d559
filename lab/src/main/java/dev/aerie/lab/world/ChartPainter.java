package dev.aerie.lab.world;

import java.util.List;

/// Draws the three styles of charts.
final class ChartPainter {

    private static final double LEFT = 8;
    private static final double RIGHT = 120;
    private static final double BASE = 108;
    private static final double LABEL_Y = 117;
    private static final double PER_UNIT = 1.33;
    private static final double LABEL_ADVANCE = 10;
    private static final double VALUE_ADVANCE = 9;
    private static final double WIDEST_BAR = 18;
    private static final double POINT_RADIUS = 4;
    private static final int LINE_INK = 0x96969B;

    private static final double PIE_RADIUS = 38;
    private static final double PIE_SHIFT = 3;
    private static final double LETTER_RADIUS = 0.7 * PIE_RADIUS;
    private static final double VALUE_RADIUS = PIE_RADIUS + 10;

    /// An edge of the polygon that stands for an arc spans about this angle.
    private static final double ARC_STEP = Math.PI / 60;

    private ChartPainter() {}

    static void bars(Painter painter, SplitMix64 dice, Chart chart) {
        var items = chart.items();
        axis(painter, chart);
        var width = Math.min(WIDEST_BAR, 0.6 * slot(items));
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var x = middle(items, i);
            var height = PER_UNIT * item.value();
            painter.object(
                    Category.BAR,
                    item.colour(),
                    item.colour().rgb(dice),
                    () -> painter.raster().rectangle(x - width / 2, BASE - height, width, height));
            value(painter, item, x, BASE - height - 7.5);
        }
    }

    static void points(Painter painter, SplitMix64 dice, Chart chart) {
        var items = chart.items();
        axis(painter, chart);
        painter.raster().ink(LINE_INK);
        for (var i = 1; i < items.size(); i++) {
            painter.raster()
                    .line(
                            middle(items, i - 1),
                            BASE - PER_UNIT * items.get(i - 1).value(),
                            middle(items, i),
                            BASE - PER_UNIT * items.get(i).value(),
                            1.5);
        }
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var x = middle(items, i);
            var y = BASE - PER_UNIT * item.value();
            painter.object(
                    Category.POINT,
                    item.colour(),
                    item.colour().rgb(dice),
                    () -> painter.raster().disc(x, y, POINT_RADIUS));
            value(painter, item, x, y - 11);
        }
    }

    private static double slot(List<Chart.Item> items) {
        return (RIGHT - LEFT) / items.size();
    }

    private static double middle(List<Chart.Item> items, int i) {
        return LEFT + (i + 0.5) * slot(items);
    }

    private static void axis(Painter painter, Chart chart) {
        var items = chart.items();
        painter.raster().ink(Colour.BLACK.rgb());
        painter.raster().rectangle(LEFT - 4, BASE, RIGHT - LEFT + 8, 1);
        for (var i = 0; i < items.size(); i++) {
            painter.centred(
                    items.get(i).letter(),
                    middle(items, i),
                    LABEL_Y,
                    LABEL_ADVANCE,
                    Colour.BLACK.rgb(),
                    chart.about(items.get(i)));
        }
    }

    private static void value(Painter painter, Chart.Item item, double x, double y) {
        painter.centred(
                Integer.toString(item.value()),
                x,
                y,
                VALUE_ADVANCE,
                Colour.BLACK.rgb(),
                List.of(item.colour().word()));
    }

    static void pie(Painter painter, SplitMix64 dice, Chart chart) {
        var x = World.SIDE / 2.0 + dice.between(-PIE_SHIFT, PIE_SHIFT);
        var y = World.SIDE / 2.0 + dice.between(-PIE_SHIFT, PIE_SHIFT);
        var from = dice.between(0, 2 * Math.PI);
        for (var item : chart.items()) {
            var span = item.value() / 100.0 * 2 * Math.PI;
            var start = from;
            var rgb = item.colour().rgb(dice);
            painter.object(
                    Category.SLICE, item.colour(), rgb, () -> painter.raster().polygon(slice(x, y, start, span)));
            var middle = start + span / 2;
            var cos = StrictMath.cos(middle);
            var sin = StrictMath.sin(middle);
            painter.centred(
                    item.letter(),
                    x + LETTER_RADIUS * cos,
                    y + LETTER_RADIUS * sin,
                    LABEL_ADVANCE,
                    Rgb.inkOn(rgb),
                    chart.about(item));
            value(painter, item, x + VALUE_RADIUS * cos, y + VALUE_RADIUS * sin);
            from += span;
        }
    }

    private static double[] slice(double x, double y, double from, double span) {
        var steps = (int) Math.ceil(span / ARC_STEP);
        var corners = new double[2 * steps + 4];
        corners[0] = x;
        corners[1] = y;
        for (var i = 0; i <= steps; i++) {
            var angle = from + span * i / steps;
            corners[2 * i + 2] = x + PIE_RADIUS * StrictMath.cos(angle);
            corners[2 * i + 3] = y + PIE_RADIUS * StrictMath.sin(angle);
        }
        return corners;
    }
}

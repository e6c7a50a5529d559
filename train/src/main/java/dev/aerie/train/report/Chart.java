package dev.aerie.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Curves over the steps of a run as SVG. Many points are drawn as the means of equal stretches, over a band from the
/// least to the greatest value of each.
///
/// @param title  says what is drawn, with its unit
/// @param curves at most two, in one unit
record Chart(String title, List<Curve> curves) {

    private static final int WIDTH = 420;
    private static final int HEIGHT = 190;
    private static final int LEFT = 50;
    private static final int RIGHT = 12;

    /// Half of what a label of the lower axis may take, margin included.
    private static final int LABEL = 22;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    private static final int MOST_POINTS = 240;
    private static final int HOVERS = 48;

    /// @param name of the curve in the legend
    record Curve(String name, List<Point> points) {
        Curve {
            points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
        }
    }

    record Point(double x, double y) {}

    /// A stretch of a curve.
    private record Stretch(double x, double mean, double least, double greatest) {}

    /// What is shown of the plane.
    private record Window(double left, double right, double bottom, double top) {

        double x(double value) {
            return LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
        }
    }

    /// The chart as a `figure`; empty if no curve has a point.
    String html() {
        var drawn = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
        if (drawn.isEmpty()) {
            return "";
        }
        var window = window(drawn);
        var svg = new StringBuilder("<figure><figcaption>").append(Html.text(title));
        for (var curve : drawn) {
            var last = "<b>" + Numbers.brief(curve.points().getLast().y()) + "</b>";
            svg.append(
                    drawn.size() > 1
                            ? " <span class=\"key key%d\">%s %s</span>"
                                    .formatted(curves.indexOf(curve) + 1, Html.text(curve.name()), last)
                            : " <span>" + last + "</span>");
        }
        svg.append("</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                .formatted(WIDTH, HEIGHT, Html.text(title)));
        axes(window, svg);
        for (var curve : drawn) {
            draw(curve, curves.indexOf(curve) + 1, window, svg);
        }
        hovers(drawn, window, svg);
        return svg.append("</svg></figure>\n").toString();
    }

    private static Window window(List<Curve> curves) {
        var points = curves.stream().flatMap(curve -> curve.points().stream()).toList();
        double left = points.stream().mapToDouble(Point::x).min().orElse(0);
        double right = points.stream().mapToDouble(Point::x).max().orElse(1);
        double bottom = points.stream().mapToDouble(Point::y).min().orElse(0);
        double top = points.stream().mapToDouble(Point::y).max().orElse(1);
        double margin = top > bottom ? (top - bottom) * 0.05 : Math.max(Math.abs(top) * 0.1, 1e-9);
        return new Window(
                left,
                right > left ? right : left + 1,
                bottom >= 0 ? Math.max(0, bottom - margin) : bottom - margin,
                top + margin);
    }

    private static void axes(Window window, StringBuilder svg) {
        var heights = Numbers.ticks(window.bottom(), window.top(), 5);
        var labels = Numbers.labels(heights);
        for (int i = 0; i < heights.size(); i++) {
            double y = window.y(heights.get(i));
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y,
                    LEFT - 6,
                    y + 3.5,
                    labels.get(i)));
        }
        for (double tick : Numbers.ticks(window.left(), window.right(), 6)) {
            double x = window.x(tick);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
                    x,
                    HEIGHT - 7,
                    x > WIDTH - LABEL ? "end" : "middle", // else it would reach over the edge
                    Numbers.brief(tick)));
        }
    }

    private static void draw(Curve curve, int colour, Window window, StringBuilder svg) {
        var stretches = stretches(curve.points());
        if (stretches.size() < curve.points().size()) {
            svg.append("<path class=\"band").append(colour).append("\" d=\"");
            char pen = 'M';
            for (var stretch : stretches) {
                svg.append(move(pen, window.x(stretch.x()), window.y(stretch.greatest())));
                pen = 'L';
            }
            for (var stretch : stretches.reversed()) {
                svg.append(move('L', window.x(stretch.x()), window.y(stretch.least())));
            }
            svg.append("Z\"/>\n");
        }
        svg.append("<path class=\"curve").append(colour).append("\" d=\"");
        char pen = 'M';
        for (var stretch : stretches) {
            svg.append(move(pen, window.x(stretch.x()), window.y(stretch.mean())));
            pen = 'L';
        }
        svg.append("\"/>\n");
        if (stretches.size() <= 24) {
            stretches.forEach(stretch -> svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n",
                    colour,
                    window.x(stretch.x()),
                    window.y(stretch.mean()))));
        }
    }

    private static String move(char pen, double x, double y) {
        return String.format(Locale.ROOT, "%c%.1f %.1f", pen, x, y);
    }

    private static List<Stretch> stretches(List<Point> points) {
        int count = Math.min(points.size(), MOST_POINTS);
        var stretches = new ArrayList<Stretch>();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) i * points.size() / count);
            int to = (int) ((i + 1L) * points.size() / count);
            var part = points.subList(from, to);
            stretches.add(new Stretch(
                    part.stream().mapToDouble(Point::x).average().orElse(0),
                    part.stream().mapToDouble(Point::y).average().orElse(0),
                    part.stream().mapToDouble(Point::y).min().orElse(0),
                    part.stream().mapToDouble(Point::y).max().orElse(0)));
        }
        return stretches;
    }

    /// Invisible stripes whose titles browsers show under the pointer.
    private static void hovers(List<Curve> curves, Window window, StringBuilder svg) {
        double stripe = (double) (WIDTH - LEFT - RIGHT) / HOVERS;
        for (int i = 0; i < HOVERS; i++) {
            double from = window.left() + (window.right() - window.left()) * i / HOVERS;
            double to = window.left() + (window.right() - window.left()) * (i + 1) / HOVERS;
            var said = new ArrayList<String>();
            for (var curve : curves) {
                curve.points().stream()
                        .filter(point -> point.x() >= from && point.x() <= to)
                        .reduce((one, other) -> other)
                        .ifPresent(point -> said.add("step " + Numbers.brief(point.x()) + ": "
                                + (curves.size() > 1 ? curve.name() + " " : "") + Numbers.brief(point.y())));
            }
            if (!said.isEmpty()) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"hover\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>\n",
                        LEFT + i * stripe,
                        TOP,
                        stripe,
                        HEIGHT - TOP - BOTTOM,
                        Html.text(String.join("\n", said))));
            }
        }
    }
}

package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Plots of studies as SVG, in the colours of the reports.
final class StudyPlots {

    private static final int WIDTH = 420;
    private static final int LEFT = 150;
    private static final int RIGHT = 16;
    private static final int LINE = 22;
    private static final int HEIGHT = 220;
    private static final int FOOT = 24;
    private static final int NAME_HEIGHT = 9;

    private StudyPlots() {}

    /// Values from `low` to `high` on pixels from `from` to `to`.
    private record Scale(double low, double high, double from, double to) {

        double at(double value) {
            return from + (value - low) / Math.max(1e-9, high - low) * (to - from);
        }
    }

    /// A line for each cell: its average, its interval, and a small dot for each seed.
    static String intervals(List<StudyReport.Row> rows) {
        double low = 1;
        double high = 0;
        for (var row : rows) {
            low = Math.min(low, row.scores().interval().low());
            high = Math.max(high, row.scores().interval().high());
        }
        var x = new Scale(low - 0.01, high + 0.01, LEFT, WIDTH - RIGHT);
        int height = rows.size() * LINE + FOOT;
        var svg = new StringBuilder(head("Average and 95 % interval, in percent; small dots are seeds", height));
        for (double tick : List.of(low, (low + high) / 2, high)) {
            svg.append(line("grid", x.at(tick), 0, x.at(tick), height - FOOT));
            svg.append(text(x.at(tick), height - 8, "middle", StudyReport.percent(tick)));
        }
        for (int i = 0; i < rows.size(); i++) {
            var scores = rows.get(i).scores();
            var interval = scores.interval();
            double y = (i + 0.5) * LINE;
            svg.append(text(LEFT - 8, y + 4, "end", shortened(rows.get(i).name())));
            svg.append(line("curve1", x.at(interval.low()), y, x.at(interval.high()), y));
            scores.bySeed().forEach(seed -> svg.append(dot("dot2", x.at(seed), y, 2, "")));
            svg.append(dot("dot1", x.at(scores.average()), y, 4, rows.get(i).name()));
        }
        return svg.append("</svg></figure>\n").toString();
    }

    /// Seconds of training on one thread against the average.
    static String cost(List<StudyReport.Row> rows) {
        var seconds = rows.stream().mapToDouble(StudyReport.Row::seconds).summaryStatistics();
        var averages = rows.stream().mapToDouble(row -> row.scores().average()).summaryStatistics();
        var x = new Scale(0, seconds.getMax() * 1.1, 50, WIDTH - RIGHT - 70.0);
        var y = new Scale(averages.getMin() - 0.02, averages.getMax() + 0.02, HEIGHT - FOOT, 10);
        var svg = new StringBuilder(head("Quality against cost: average in percent, seconds on one thread", HEIGHT));
        for (double tick : List.of(averages.getMin(), averages.getMax())) {
            svg.append(line("grid", 50, y.at(tick), WIDTH - RIGHT, y.at(tick)));
            svg.append(text(44, y.at(tick) + 4, "end", StudyReport.percent(tick)));
        }
        for (double tick : List.of(0.0, seconds.getMax())) {
            svg.append(text(x.at(tick), HEIGHT - 8, "middle", String.format(Locale.ROOT, "%.0f", tick)));
        }
        double above = Double.NEGATIVE_INFINITY; // the name before, which the next must leave readable
        for (var row : rows.stream()
                .sorted(Comparator.comparingDouble(each -> y.at(each.scores().average())))
                .toList()) {
            double px = x.at(row.seconds());
            double py = y.at(row.scores().average());
            above = Math.max(py + 4, above + NAME_HEIGHT);
            svg.append(dot("dot1", px, py, 4, row.name()));
            svg.append(text(px + 7, above, "start", shortened(row.name())));
        }
        return svg.append("</svg></figure>\n").toString();
    }

    /// The loss of a work over its steps.
    static String curve(Made made) {
        var points = made.loss();
        double high = points.stream().mapToDouble(Made.Point::value).max().orElse(1);
        double low =
                Math.min(0, points.stream().mapToDouble(Made.Point::value).min().orElse(0));
        var x = new Scale(0, points.getLast().step(), 50, WIDTH - RIGHT);
        var y = new Scale(low, high, HEIGHT - FOOT, 10);
        var svg = new StringBuilder(head("Loss over the steps", HEIGHT));
        for (double tick : List.of(low, high)) {
            svg.append(line("grid", 50, y.at(tick), WIDTH - RIGHT, y.at(tick)));
            svg.append(text(44, y.at(tick) + 4, "end", String.format(Locale.ROOT, "%.2f", tick)));
        }
        svg.append(text(
                x.at(points.getLast().step()),
                HEIGHT - 8,
                "end",
                Long.toString(points.getLast().step())));
        svg.append("<path class=\"curve1\" d=\"");
        char pen = 'M';
        for (var point : points) {
            svg.append(String.format(Locale.ROOT, "%c%.1f %.1f", pen, x.at(point.step()), y.at(point.value())));
            pen = 'L';
        }
        return svg.append("\"/></svg></figure>\n").toString();
    }

    /// Names of a search begin alike.
    private static String shortened(String name) {
        return name.length() > 26 ? name.substring(0, 7) + "…" + name.substring(name.length() - 18) : name;
    }

    private static String head(String title, int height) {
        return "<figure><figcaption>%s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                .formatted(Html.text(title), WIDTH, height, Html.text(title));
    }

    private static String line(String look, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                look,
                x1,
                y1,
                x2,
                y2);
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                Html.text(text));
    }

    private static String dot(String look, double x, double y, double radius, String title) {
        return String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>\n",
                look,
                x,
                y,
                radius,
                Html.text(title));
    }
}

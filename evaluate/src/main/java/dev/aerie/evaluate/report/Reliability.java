package dev.aerie.evaluate.report;

import dev.aerie.train.report.Html;
import java.util.Locale;

/// A reliability diagram: accuracy over confidence, and the line on which they are equal.
record Reliability(Result result) {

    private static final int SIDE = 220;

    /// Room for an axis' numbers and its name.
    private static final int EDGE = 56;

    /// Room for half a number, which stands at an axis' end.
    private static final int END = 20;

    /// Room for half a dot above.
    private static final int TOP = 14;

    String html() {
        var calibration = result.calibration();
        var svg = new StringBuilder("<figure><figcaption>")
                .append(Html.text(result.title()))
                .append("<span class=\"key\">error <b>")
                .append(EvalReport.number(100 * calibration.error()))
                .append(" %</b></span></figcaption>\n");
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"accuracy over confidence\">\n"
                .formatted(EDGE + SIDE + END, SIDE + EDGE));
        text(svg, x(0.5), SIDE + 44.0, "middle", "confidence");
        svg.append("<g transform=\"translate(12 %d) rotate(-90)\">".formatted((int) y(0.5)));
        text(svg, 0, 0, "middle", "accuracy");
        svg.append("</g>\n");
        for (int i = 0; i <= 4; i++) {
            line(svg, "grid", 0, i / 4.0, 1, i / 4.0);
            text(svg, EDGE - 4, y(i / 4.0) + 4, "end", 25 * i + " %");
            text(svg, x(i / 4.0), SIDE + 22.0, "middle", 25 * i + " %");
        }
        line(svg, "grid", 0, 0, 1, 1);
        for (var bin : calibration.bins()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot1\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%,d answers: confidence %.0f %%,"
                            + " accuracy %.0f %%</title></circle>\n",
                    x(bin.confidence()),
                    y(bin.accuracy()),
                    3 + 9 * Math.sqrt((double) bin.answers() / Math.max(1, result.asked())),
                    bin.answers(),
                    100 * bin.confidence(),
                    100 * bin.accuracy()));
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private static void line(StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                style,
                x(x1),
                y(y1),
                x(x2),
                y(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text));
    }

    private static double x(double value) {
        return EDGE + value * SIDE;
    }

    private static double y(double value) {
        return TOP + (1 - value) * (SIDE - TOP);
    }
}

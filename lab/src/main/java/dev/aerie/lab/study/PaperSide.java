package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The paper's figures beside ours. They are averages of other benchmarks in other units: only their order can be
/// compared, and which of two is better.
final class PaperSide {

    private PaperSide() {}

    private record Pair(StudyReport.Row row, double published) {}

    static String html(StudyPlan plan, List<StudyReport.Row> rows) {
        var pairs = new ArrayList<Pair>();
        for (var row : rows) {
            var published = plan.paper().get(row.name());
            if (published != null) {
                pairs.add(new Pair(row, published));
            }
        }
        if (pairs.size() < 2) {
            return "<p class=\"note\">The paper's figures for these cells are not known to us; what it found in words stands"
                    + " above.</p>\n";
        }
        var text = new StringBuilder(
                "<table>\n<tr><th></th><th scope=\"col\">paper</th><th scope=\"col\">ours</th></tr>\n");
        for (var pair : pairs) {
            text.append(Html.row(
                    pair.row.name(),
                    String.format(Locale.ROOT, "%.1f", pair.published),
                    StudyReport.percent(pair.row.scores().average())));
        }
        double agreement = Scores.agreement(
                pairs.stream().map(Pair::published).toList(),
                pairs.stream().map(pair -> pair.row.scores().average()).toList());
        text.append("</table>\n<p>Rank agreement (Kendall's τ): <b>%s</b>.</p>\n<ul>\n"
                .formatted(String.format(Locale.ROOT, "%.2f", agreement)));
        for (int i = 0; i < pairs.size(); i++) {
            for (int k = i + 1; k < pairs.size(); k++) {
                text.append(verdict(pairs.get(i), pairs.get(k)));
            }
        }
        return text.append("</ul>\n").toString();
    }

    /// Says of two cells whether ours are in the paper's order, and whether that is more than noise.
    private static String verdict(Pair one, Pair other) {
        boolean swapped = one.published < other.published;
        var better = swapped ? other : one;
        var worse = swapped ? one : other;
        var interval = better.row.scores().lessThan(worse.row.scores());
        var said = interval.low() > 0
                ? "<span class=\"right\">so it is here</span>"
                : interval.high() < 0
                        ? "<span class=\"wrong\">here it is the other way round</span>"
                        : "here the two cannot be told apart";
        return "<li>The paper has %s above %s (by %s): %s (%+.1f, from %+.1f to %+.1f).</li>\n"
                .formatted(
                        Html.text(better.row.name()),
                        Html.text(worse.row.name()),
                        String.format(Locale.ROOT, "%.1f", better.published - worse.published),
                        said,
                        100
                                * (better.row.scores().average()
                                        - worse.row.scores().average()),
                        100 * interval.low(),
                        100 * interval.high());
    }
}

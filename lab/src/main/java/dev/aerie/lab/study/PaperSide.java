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
        if (pairs.isEmpty()) {
            return plan.paper().isEmpty() ? """
                            <p class="note">The paper's figures for these cells are not known to us; what it found in words
                            stands above.</p>
                            """ : """
                            <p class="note">None of the cells is done whose published figures are known to us.</p>
                            """;
        }
        var text = new StringBuilder(
                "<table>\n<tr><th></th><th scope=\"col\">paper</th><th scope=\"col\">ours</th></tr>\n");
        for (var pair : pairs) {
            text.append(Html.row(
                    pair.row.name(),
                    String.format(Locale.ROOT, "%.1f", pair.published),
                    StudyReport.percent(pair.row.scores().average())));
        }
        text.append("</table>\n");
        if (pairs.size() == 1) {
            return text.append("<p class=\"note\">Of one cell alone there is nothing to compare.</p>\n")
                    .toString();
        }
        double tau = Scores.kendallTau(
                pairs.stream().map(Pair::published).toList(),
                pairs.stream().map(pair -> pair.row.scores().average()).toList());
        text.append(String.format(Locale.ROOT, "<p>Rank agreement (Kendall's τ): <b>%.2f</b>.</p>\n<ul>\n", tau));
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
        return String.format(
                Locale.ROOT,
                "<li>The paper has %s above %s (by %.1f): %s.</li>\n",
                Html.text(better.row.name()),
                Html.text(worse.row.name()),
                better.published - worse.published,
                better.row
                        .scores()
                        .difference(worse.row.scores())
                        .map(PaperSide::said)
                        .orElse("the two have no seed in common"));
    }

    private static String said(Scores.Difference found) {
        var said = switch (found.side()) {
            case 1 -> "<span class=\"right\">so it is here</span>";
            case -1 -> "<span class=\"wrong\">here it is the other way round</span>";
            default -> "here the two cannot be told apart";
        };
        return said + (found.isFew() ? " (too few seeds)" : "") + ": " + found.points();
    }
}

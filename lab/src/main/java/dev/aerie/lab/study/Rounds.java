package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import dev.aerie.vision.Experts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// What each round of a search kept: of the sets with so many experts the best one.
final class Rounds {

    private Rounds() {}

    /// The best rows by their number of experts, fewest first, named `best of 1`, `best of 2` and so on; none of a
    /// grid.
    static List<StudyReport.Row> best(StudyPlan plan, List<StudyReport.Row> rows) {
        if (plan.search().isEmpty()) {
            return List.of();
        }
        var best = new TreeMap<Integer, StudyReport.Row>();
        for (var row : rows) {
            best.merge(
                    experts(row),
                    row,
                    (one, other) -> List.of(one, other).stream()
                            .max(Comparator.comparingDouble(
                                    each -> each.scores().average()))
                            .orElseThrow());
        }
        var named = new ArrayList<StudyReport.Row>();
        best.forEach((count, row) -> named.add(row.named("best of " + count)));
        return named;
    }

    private static int experts(StudyReport.Row row) {
        return Experts.parse(row.lines().getFirst().towers()).size();
    }

    /// A plot of the rounds, and which sets these are.
    static String html(List<StudyReport.Row> best) {
        if (best.size() < 2) {
            return "";
        }
        var list = new StringBuilder("<ul>\n");
        for (var row : best) {
            list.append("<li>%s: %s</li>\n"
                    .formatted(
                            Html.text(row.name()),
                            Html.text(Study.names(row.lines().getFirst().towers()))));
        }
        return "<div class=\"charts\">\n" + StudyPlots.intervals(best) + "</div>\n" + list + "</ul>\n";
    }
}

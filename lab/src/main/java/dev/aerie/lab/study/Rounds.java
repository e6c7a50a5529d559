package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import dev.aerie.vision.Experts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What each round of a search kept: of the sets with so many experts the best one.
final class Rounds {

    private Rounds() {}

    /// The best rows by their number of experts, fewest first, named `best of 1`, `best of 2` and so on, of the
    /// rounds that are done; none of a grid.
    static List<StudyReport.Row> best(StudyPlan plan, List<StudyReport.Row> rows) {
        if (plan.search().isEmpty()) {
            return List.of();
        }
        int first = Experts.parse(plan.towers()).size();
        var rounds = rows.stream().collect(Collectors.groupingBy(Rounds::experts, TreeMap::new, Collectors.toList()));
        var best = new ArrayList<StudyReport.Row>();
        rounds.forEach((count, sets) -> {
            int tried = count == first ? 1 : plan.search().size() - (count - first) + 1;
            if (sets.size() == tried) { // else the best may be missing
                var kept = Collections.max(
                        sets, Comparator.comparingDouble(row -> row.scores().average()));
                best.add(kept.named("best of " + count));
            }
        });
        return best;
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

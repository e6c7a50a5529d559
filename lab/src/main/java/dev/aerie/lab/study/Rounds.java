package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import dev.aerie.vision.Experts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What each round of a search kept: of the sets with so many experts the best one.
final class Rounds {

    private static final String BEST_OF = "best of ";

    private Rounds() {}

    /// Whether a search can come to something of this name: `best of 2`, or a set of experts in an order in
    /// which they may be added, such as `clip + sam`.
    static boolean canBe(StudyPlan plan, String name) {
        return counts(plan).anyMatch(count -> name.equals(BEST_OF + count))
                || isSet(name, plan.towers(), plan.search());
    }

    /// What [#canBe] takes, in words.
    static String expected(StudyPlan plan) {
        var first = Study.names(plan.towers());
        int fewest = Experts.parse(plan.towers()).size();
        return "%s%d to %s%d, or a set of experts such as %s%s%s"
                .formatted(
                        BEST_OF,
                        fewest,
                        BEST_OF,
                        fewest + counts(plan).count() - 1,
                        first,
                        Study.PLUS,
                        Study.names(plan.search().getFirst()));
    }

    /// How many experts a set may have.
    private static IntStream counts(StudyPlan plan) {
        int fewest = Experts.parse(plan.towers()).size();
        int left = plan.search().stream()
                .mapToInt(each -> Experts.parse(each).size())
                .sum();
        return IntStream.rangeClosed(fewest, fewest + left);
    }

    /// Whether a name is that of some towers with some of those that are left behind them.
    private static boolean isSet(String name, String towers, List<String> left) {
        var begin = Study.names(towers);
        if (!name.startsWith(begin + Study.PLUS)) {
            return name.equals(begin);
        }
        return left.stream().anyMatch(each -> isSet(name, towers + ";" + each, without(each, left)));
    }

    private static List<String> without(String one, List<String> all) {
        return all.stream().filter(each -> !each.equals(one)).toList();
    }

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
                best.add(kept.named(BEST_OF + count));
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

package dev.aerie.lab.study;

import dev.aerie.train.report.Html;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What the paper found, put to our cells.
final class Findings {

    /// What lies below zero as a whole before what reaches down the farthest.
    private static final Comparator<Scores.Difference> WORST = Comparator.<Scores.Difference>comparingInt(
                    found -> Math.min(found.side(), 0))
            .thenComparingDouble(found -> found.interval().low());

    private Findings() {}

    /// A finding and what our cells say of it.
    ///
    /// @param study for people
    /// @param found empty while a cell is missing
    record Told(String study, StudyPlan.Finding finding, Optional<Scores.Difference> found) {

        String verdict() {
            return found.map(Told::verdict).orElse("not run");
        }

        private static String verdict(Scores.Difference found) {
            var said = switch (found.side()) {
                case 1 -> "agrees";
                case -1 -> "disagrees";
                default -> "cannot be told";
            };
            return found.isFew() ? said + " (too few seeds)" : said;
        }

        String difference() {
            return found.map(Scores.Difference::points).orElse("");
        }

        /// For a terminal.
        String line() {
            return "%-26s  %-24s  %s: %s".formatted(verdict(), difference(), study, finding.claim());
        }
    }

    /// @param scores by the names of cells
    static List<Told> of(String study, StudyPlan plan, Map<String, Scores> scores) {
        var told = new ArrayList<Told>();
        for (var finding : plan.findings()) {
            var known = scores.keySet().containsAll(finding.more())
                    && scores.keySet().containsAll(finding.less());
            told.add(new Told(study, finding, known ? found(finding, scores) : Optional.empty()));
        }
        return told;
    }

    /// Of a claim about each of several cells, the difference that speaks against it, or for it least; it rests on as
    /// many seeds as the one with the fewest.
    private static Optional<Scores.Difference> found(StudyPlan.Finding finding, Map<String, Scores> scores) {
        var more = all(scores, finding.more());
        var less = all(scores, finding.less());
        if (!finding.isOfEach()) {
            return Scores.between(more, less);
        }
        var each = less.stream().map(one -> Scores.between(more, List.of(one))).toList();
        if (each.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        var known = each.stream().flatMap(Optional::stream).toList();
        int fewest = known.stream().mapToInt(Scores.Difference::seeds).min().orElse(0);
        return known.stream().min(WORST).map(worst -> worst.withSeeds(fewest));
    }

    private static List<Scores> all(Map<String, Scores> scores, List<String> names) {
        return names.stream()
                .map(name -> Objects.requireNonNull(scores.get(name)))
                .toList();
    }

    static String html(List<Told> all) {
        var table = new StringBuilder("""
                <section id="findings">
                <h2>The paper's findings</h2>
                <p class="note">Each as an order of cells, or of means of cells: points of the average that those which the paper
                has in front are ahead here; where they should be above each of several, ahead of the best of these. It agrees or
                disagrees where the interval of the difference leaves zero out.</p>
                <div class="wide"><table>
                <tr><th scope="col">the paper</th><th scope="col">here</th><th scope="col">difference</th>
                <th scope="col">seeds</th><th scope="col">study</th></tr>
                """);
        for (var told : all) {
            table.append(Html.row(
                    told.finding().claim(),
                    told.verdict(),
                    told.difference(),
                    told.found().map(found -> Integer.toString(found.seeds())).orElse(""),
                    told.study()));
        }
        return table.append("</table></div>\n</section>\n").toString();
    }
}

package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Family;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How well questions are answered with which experts, family by family: what the labels of routing are made from.
///
/// @param measured sets of towers that may be asked, each with its scores
public record RouteQuality(List<Measured> measured) {

    /// What a set may be worse than the best to be taken for as good, because it is smaller.
    private static final double SLACK = 0.01;

    /// @param towers   that look beside the first
    /// @param families right answers of each
    public record Measured(List<String> towers, Map<Family, FamilyScores.Score> families) {

        double share(Family family) {
            var score = families.get(family);
            return score == null ? 0 : score.share();
        }

        /// The mean of the shares of the families that were asked.
        public double average() {
            return families.keySet().stream().mapToDouble(this::share).average().orElse(0);
        }
    }

    public RouteQuality {
        measured = List.copyOf(measured);
    }

    /// The experts for each family's questions: the fewest with which a family stands within a point of its best.
    public Map<Family, List<String>> labels() {
        var labels = new EnumMap<Family, List<String>>(Family.class);
        for (var family : Family.values()) {
            double best = measured.stream()
                    .mapToDouble(each -> each.share(family))
                    .max()
                    .orElse(0);
            measured.stream()
                    .filter(each -> each.share(family) >= best - SLACK)
                    .min(Comparator.<Measured>comparingInt(each -> each.towers().size())
                            .thenComparingDouble(each -> -each.share(family)))
                    .ifPresent(each -> labels.put(family, each.towers()));
        }
        return labels;
    }

    /// The best of the sets of so many experts, for all questions.
    public List<String> best(int size) {
        return measured.stream()
                .filter(each -> each.towers().size() == size)
                .max(Comparator.comparingDouble(each -> each.average()))
                .map(Measured::towers)
                .orElse(List.of());
    }
}

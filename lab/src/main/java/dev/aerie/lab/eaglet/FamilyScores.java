package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Family;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// Right answers of all, family by family.
public final class FamilyScores {

    /// @param right of `asked`
    public record Score(int right, int asked) {

        public double share() {
            return asked == 0 ? 0 : (double) right / asked;
        }

        Score plus(Score other) {
            return new Score(right + other.right, asked + other.asked);
        }
    }

    private final Map<Family, Score> scores = new EnumMap<>(Family.class);

    /// Counts one answer.
    public void add(Family family, boolean right) {
        scores.merge(family, new Score(right ? 1 : 0, 1), Score::plus);
    }

    public Score of(Family family) {
        return scores.getOrDefault(family, new Score(0, 0));
    }

    /// All families that were asked.
    Map<Family, Score> each() {
        return Map.copyOf(scores);
    }

    /// The mean of the shares of the families that were asked, each counting the same.
    public double average() {
        return scores.values().stream().mapToDouble(Score::share).average().orElse(0);
    }

    public int asked() {
        return scores.values().stream().mapToInt(Score::asked).sum();
    }

    /// `avg 53.0  gqa 52 …`, in percent.
    public String line() {
        var line = new StringBuilder(String.format(Locale.ROOT, "avg %.1f", 100 * average()));
        for (var family : Family.values()) {
            line.append(String.format(
                    Locale.ROOT, "  %s %.0f", family.label(), 100 * of(family).share()));
        }
        return line.toString();
    }
}

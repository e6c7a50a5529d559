package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Family;
import dev.aerie.train.report.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Right answers picture by picture. Answers about one picture depend on each other (who misreads a sign fails all
/// questions about it), so pictures and not answers are what intervals count: with `r` right of `a` asked in a picture,
/// a family's share `p = Σr / Σa` is a ratio of sums over `n` independent pictures, of variance
/// `n / (n − 1) · Σ (r − p·a)² / (Σa)²` (Cochran, Sampling Techniques, §6.4).
public final class PictureScores {

    private final List<Map<Family, FamilyScores.Score>> pictures = new ArrayList<>();
    private final FamilyScores all = new FamilyScores();

    /// Begins the next picture.
    public void picture() {
        pictures.add(new EnumMap<>(Family.class));
    }

    /// Counts an answer about the newest picture.
    public void add(Family family, boolean right) {
        var one = new FamilyScores.Score(right ? 1 : 0, 1);
        pictures.getLast().merge(family, one, FamilyScores.Score::plus);
        all.add(family, right);
    }

    /// All pictures together.
    public FamilyScores all() {
        return all;
    }

    /// Answers picture by picture.
    public List<Map<Family, FamilyScores.Score>> each() {
        return Collections.unmodifiableList(pictures);
    }

    public int pictures() {
        return pictures.size();
    }

    /// The 95 % interval of a family's share: Wilson's, at the number of independent answers that would have the same
    /// variance, but no more than were asked. Where all answers are right, or none, they tell no variance: then one
    /// answer a picture counts.
    public Interval interval(Family family) {
        var score = all.of(family);
        double share = score.share();
        double variance = variance(List.of(family));
        double effective = variance > 0 ? Math.min(score.asked(), share * (1 - share) / variance) : asking(family);
        return Interval.wilson(share, effective);
    }

    /// The 95 % interval of the families' mean, by the normal distribution; families that share pictures are not taken
    /// for independent.
    public Interval averageInterval() {
        return Interval.normal(all.average(), variance(List.copyOf(all.each().keySet())));
    }

    private long asking(Family family) {
        return pictures.stream().filter(picture -> picture.containsKey(family)).count();
    }

    /// Of the mean of these families' shares; one picture tells nothing of it.
    private double variance(List<Family> families) {
        double sum = 0;
        for (var picture : pictures) {
            double deviation = 0;
            for (var family : families) {
                var score = picture.get(family);
                var whole = all.of(family);
                if (score != null) {
                    deviation += (score.right() - whole.share() * score.asked()) / whole.asked();
                }
            }
            sum += deviation * deviation;
        }
        int n = pictures.size();
        return n < 2 ? Double.POSITIVE_INFINITY : n / (n - 1.0) * sum / (families.size() * families.size());
    }
}

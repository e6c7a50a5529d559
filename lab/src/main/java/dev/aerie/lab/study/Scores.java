package dev.aerie.lab.study;

import dev.aerie.train.report.Interval;
import dev.aerie.train.report.Resampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The answers of a cell's seeds to the same pictures. What is estimated is the mean of the families' shares, each
/// family counting the same and all seeds together. Seeds and pictures are what intervals draw: answers about one
/// picture depend on each other, and so do those of one training.
///
/// @param seeds    their numbers, in order
/// @param families by name, in order
/// @param right    `[seeds][families][pictures]`
/// @param asked    `[families][pictures]`
@SuppressWarnings("ArrayRecordComponent") // made once per cell
record Scores(List<Integer> seeds, List<String> families, int[][][] right, int[][] asked) {

    private static final int DRAWS = 1000;

    /// What fewer say is of these trainings, not of others.
    private static final int FEWEST_SEEDS = 3;

    /// What one cell has more than another, over the seeds that both have.
    ///
    /// @param seeds how many those are
    /// @param value of the averages
    /// @param p     how often a difference so large would come by chance if the two were alike: the signs of the
    /// pictures' differences are flipped at random. Says nothing of other seeds than those that were run.
    record Difference(int seeds, double value, Interval interval, double p) {

        boolean isFew() {
            return seeds < FEWEST_SEEDS;
        }

        Difference withSeeds(int others) {
            return new Difference(others, value, interval, p);
        }

        /// 1 where the interval lies above zero, -1 where it lies below, 0 where zero is in it.
        int side() {
            return interval.low() > 0 ? 1 : interval.high() < 0 ? -1 : 0;
        }

        /// In points: `+1.4 (+0.4 to +2.4)`
        String points() {
            return String.format(
                    Locale.ROOT, "%+.1f (%+.1f to %+.1f)", 100 * value, 100 * interval.low(), 100 * interval.high());
        }
    }

    /// @param seeds scores over the same pictures by the numbers of their seeds, at least one
    static Scores of(SortedMap<Integer, Made> seeds) {
        var first = seeds.firstEntry().getValue();
        var families = List.copyOf(first.answers().keySet());
        var right = seeds.values().stream()
                .map(made -> families.stream()
                        .map(family -> digits(made.answers(family).right()))
                        .toArray(int[][]::new))
                .toArray(int[][][]::new);
        var asked = families.stream()
                .map(family -> digits(first.answers(family).asked()))
                .toArray(int[][]::new);
        return new Scores(List.copyOf(seeds.keySet()), families, right, asked);
    }

    private static int[] digits(String text) {
        return text.chars()
                .map(digit -> Character.digit(digit, Character.MAX_RADIX))
                .toArray();
    }

    boolean isFew() {
        return seeds.size() < FEWEST_SEEDS;
    }

    int pictures() {
        return asked[0].length;
    }

    double family(int family) {
        return share(family, all(seeds.size()), all(pictures()));
    }

    double average() {
        return average(all(seeds.size()), all(pictures()));
    }

    /// Of each seed alone.
    List<Double> bySeed() {
        return IntStream.range(0, seeds.size())
                .mapToObj(seed -> average(new int[] {seed}, all(pictures())))
                .toList();
    }

    /// Of the average: pictures are drawn, and seeds where there are several.
    Interval interval() {
        return drawn(this::average);
    }

    /// This average less the other's, see [#between].
    Optional<Difference> difference(Scores other) {
        return between(List.of(this), List.of(other));
    }

    /// The mean of some averages less that of others, at least one each. Pictures and seeds of all are drawn alike, as
    /// seeds of one number have their data in common.
    ///
    /// @return empty if they have no seed in common, or were not asked the same
    static Optional<Difference> between(List<Scores> some, List<Scores> others) {
        var first = some.getFirst();
        var all = Stream.concat(some.stream(), others.stream()).toList();
        var common = first.seeds.stream()
                .filter(seed -> all.stream().allMatch(each -> each.seeds.contains(seed)))
                .toList();
        if (common.isEmpty() || !all.stream().allMatch(first::isAskedAs)) {
            return Optional.empty();
        }
        var plus = some.stream().map(each -> each.only(common)).toList();
        var minus = others.stream().map(each -> each.only(common)).toList();
        Number value = (places, pictures) -> mean(plus, each -> each.average(places, pictures))
                - mean(minus, each -> each.average(places, pictures));
        var one = plus.getFirst();
        return Optional.of(new Difference(
                common.size(), value.of(all(common.size()), all(one.pictures())), one.drawn(value), p(plus, minus)));
    }

    private boolean isAskedAs(Scores other) {
        return families.equals(other.families) && Arrays.deepEquals(asked, other.asked);
    }

    private static double mean(List<Scores> all, ToDoubleFunction<Scores> value) {
        return all.stream().mapToDouble(value).average().orElse(0);
    }

    private Scores only(List<Integer> some) {
        return new Scores(
                some,
                families,
                some.stream().map(seed -> right[seeds.indexOf(seed)]).toArray(int[][][]::new),
                asked);
    }

    private interface Number {
        double of(int[] seeds, int[] pictures);
    }

    private Interval drawn(Number number) {
        var random = new SplittableRandom(Resampling.SEED);
        var values = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            values[draw] = number.of(any(seeds.size(), random), any(pictures(), random));
        }
        Arrays.sort(values);
        return Interval.of(values);
    }

    private static int[] any(int count, SplittableRandom random) {
        return random.ints(count, 0, count).toArray();
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    /// See [Difference].
    private static double p(List<Scores> some, List<Scores> others) {
        var first = some.getFirst();
        int n = first.pictures();
        var differences = new double[n];
        for (int f = 0; f < first.families.size(); f++) {
            double whole = sum(first.asked[f], all(n));
            for (int i = 0; i < n; i++) {
                int family = f;
                int picture = i;
                double more = mean(some, each -> each.right(family, picture))
                        - mean(others, each -> each.right(family, picture));
                differences[i] += whole == 0 ? 0 : more / whole;
            }
        }
        double observed = Math.abs(Arrays.stream(differences).sum());
        var random = new SplittableRandom(Resampling.SEED);
        int as = 1;
        for (int draw = 0; draw < DRAWS; draw++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            as += Math.abs(sum) >= observed - 1e-12 ? 1 : 0;
        }
        return as / (DRAWS + 1.0);
    }

    /// The mean over the seeds.
    private double right(int family, int picture) {
        return Arrays.stream(right)
                .mapToInt(seed -> seed[family][picture])
                .average()
                .orElse(0);
    }

    /// @param places of seeds
    private double average(int[] places, int[] pictures) {
        double sum = 0;
        for (int f = 0; f < families.size(); f++) {
            sum += share(f, places, pictures);
        }
        return sum / families.size();
    }

    private double share(int family, int[] places, int[] pictures) {
        double whole = sum(asked[family], pictures) * (double) places.length;
        double got = 0;
        for (int seed : places) {
            got += sum(right[seed][family], pictures);
        }
        return whole == 0 ? 0 : got / whole;
    }

    private static long sum(int[] values, int[] places) {
        long sum = 0;
        for (int place : places) {
            sum += values[place];
        }
        return sum;
    }

    /// Kendall's rank agreement of two rows of numbers, from −1 to 1: pairs in the same order less pairs in the
    /// other, as a share of all.
    static double kendallTau(List<Double> one, List<Double> other) {
        var signs = new ArrayList<Double>();
        for (int i = 0; i < one.size(); i++) {
            for (int k = i + 1; k < one.size(); k++) {
                signs.add(Math.signum(one.get(i) - one.get(k)) * Math.signum(other.get(i) - other.get(k)));
            }
        }
        return signs.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}

package dev.aerie.evaluate.report;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Figure;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.train.report.Interval;
import dev.aerie.train.report.Resampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Intervals by drawing groups of answers with replacement. Answers about one picture depend on each other, so it is
/// pictures that are drawn. The same answers always give the same intervals.
final class Bootstrap {

    private static final int MOST_DRAWS = 1000;
    private static final int LEAST_DRAWS = 200;

    /// Answers drawn in all, so that large benchmarks do not take minutes.
    private static final long WORK = 40_000_000;

    private Bootstrap() {}

    /// Answers that depend on each other together, in the order in which they first appear. Skipped records are left
    /// out, and with them their groups where these count as a whole.
    static List<List<Scored>> groups(Benchmark benchmark, Collection<Scored> lines) {
        var incomplete = lines.stream()
                .filter(line -> benchmark.isWhole() && !line.asked())
                .map(Scored::group)
                .collect(Collectors.toSet());
        var groups = new LinkedHashMap<String, List<Scored>>();
        for (var line : lines) {
            if (line.asked() && !incomplete.contains(line.group())) {
                groups.computeIfAbsent(line.group(), _ -> new ArrayList<>()).add(line);
            }
        }
        return List.copyOf(groups.values());
    }

    /// The interval of each figure, by its name.
    static Map<String, Interval> of(Benchmark benchmark, List<List<Scored>> groups, Scoring how) {
        int draws = draws(groups);
        var values = new LinkedHashMap<String, double[]>();
        var counts = new LinkedHashMap<String, Integer>();
        var random = new SplittableRandom(Resampling.SEED);
        for (int draw = 0; draw < draws; draw++) {
            for (var figure : benchmark.figures(Resampling.drawn(groups, random), how)) {
                int count = counts.merge(figure.name(), 1, Integer::sum);
                values.computeIfAbsent(figure.name(), _ -> new double[draws])[count - 1] = figure.value();
            }
        }
        var intervals = new LinkedHashMap<String, Interval>();
        values.forEach((name, drawn) ->
                intervals.put(name, interval(Arrays.copyOf(drawn, counts.getOrDefault(name, 0)))));
        return intervals;
    }

    private static Interval interval(double[] values) {
        Arrays.sort(values);
        return Interval.of(values);
    }

    /// How often groups are drawn.
    static int draws(List<? extends List<?>> groups) {
        long answers = groups.stream().mapToLong(List::size).sum();
        return Math.clamp(WORK / Math.max(1, answers), LEAST_DRAWS, MOST_DRAWS);
    }

    /// The value of a figure of this name.
    static double value(List<Figure> figures, String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .mapToDouble(Figure::value)
                .findFirst()
                .orElse(0);
    }
}

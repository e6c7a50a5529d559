package dev.aerie.evaluate.report;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.train.report.Interval;
import dev.aerie.train.report.Resampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Two runs on the same records of a benchmark.
///
/// @param figure     that is compared, the published one
/// @param interval   of the second's value less the first's, by drawing pictures
/// @param better     records that the second scores higher
/// @param worse      records that it scores lower
/// @param p          of McNemar's exact test over pictures, or what else holds answers together: how often so uneven
///     a split of those that changed would come by chance
/// @param flipped    records whose score changed
public record Comparison(
        String benchmark,
        String title,
        String figure,
        double first,
        double second,
        Interval interval,
        int better,
        int worse,
        double p,
        List<Pair> flipped) {

    /// Sums of shares in another order differ by less.
    private static final double ROUNDING = 1e-9;

    /// The answers of both to one record.
    public record Pair(Scored first, Scored second) {}

    public Comparison {
        flipped = List.copyOf(flipped);
    }

    /// Compares what both have done.
    public static List<Comparison> of(EvalFolder first, EvalFolder second) {
        if (first.settings().strict() != second.settings().strict()) {
            throw new AerieException("cannot compare " + first.root() + " and " + second.root()
                    + ": one is scored with --strict, the other without");
        }
        var common = first.benchmarks().stream().filter(second::isDone).toList();
        if (common.isEmpty()) {
            throw new AerieException("cannot compare " + first.root() + " and " + second.root()
                    + ": there is no benchmark that is done in both");
        }
        var how = first.settings().strict() ? Scoring.STRICT : Scoring.REFERENCE;
        return common.stream()
                .map(benchmark -> of(benchmark, first.scored(benchmark), second.scored(benchmark), how))
                .toList();
    }

    /// Only records that both were asked count.
    static Comparison of(Benchmark benchmark, List<Scored> first, List<Scored> second, Scoring how) {
        var pairs = groups(benchmark, first, second);
        var name = benchmark.figures(firsts(pairs), how).getFirst().name();
        double one = value(benchmark, firsts(pairs), name, how);
        double other = value(benchmark, seconds(pairs), name, how);
        var interval = Resampling.of(
                pairs,
                Bootstrap.draws(pairs),
                drawn -> value(benchmark, seconds(drawn), name, how) - value(benchmark, firsts(drawn), name, how));
        var all = pairs.stream().flatMap(List::stream).toList();
        var flipped = all.stream()
                .filter(pair -> pair.first.score() != pair.second.score())
                .toList();
        int better = (int) flipped.stream()
                .filter(pair -> pair.second.score() > pair.first.score())
                .count();
        var changes = pairs.stream().map(group -> change(benchmark, group)).toList();
        return new Comparison(
                benchmark.card().name(),
                benchmark.card().title(),
                name,
                one,
                other,
                interval,
                better,
                flipped.size() - better,
                mcnemar(Collections.frequency(changes, 1.0), Collections.frequency(changes, -1.0)),
                flipped);
    }

    /// 1 for a group that the second scores higher, -1 for one that it scores lower.
    private static double change(Benchmark benchmark, List<Pair> group) {
        double change = benchmark.worth(group.stream().map(Pair::second).toList())
                - benchmark.worth(group.stream().map(Pair::first).toList());
        return Math.abs(change) < ROUNDING ? 0.0 : Math.signum(change);
    }

    private static List<List<Pair>> groups(Benchmark benchmark, List<Scored> first, List<Scored> second) {
        var incomplete = Stream.concat(first.stream(), second.stream())
                .filter(each -> benchmark.isWhole() && !each.asked())
                .map(Scored::group)
                .collect(Collectors.toSet());
        var others = new HashMap<Long, Scored>();
        second.stream().filter(Scored::asked).forEach(each -> others.put(each.record(), each));
        var groups = new LinkedHashMap<String, List<Pair>>();
        for (var each : first) {
            var other = others.get(each.record());
            if (each.asked() && other != null && !incomplete.contains(each.group())) {
                if (!other.id().equals(each.id())) {
                    throw new AerieException(
                            "cannot compare the runs on " + benchmark.card().title() + ": record " + each.record()
                                    + " is " + each.id() + " in one and " + other.id() + " in the other");
                }
                groups.computeIfAbsent(each.group(), _ -> new ArrayList<>()).add(new Pair(each, other));
            }
        }
        if (groups.isEmpty()) {
            throw new AerieException("cannot compare the runs on "
                    + benchmark.card().title() + ": there is no record that both were asked");
        }
        return List.copyOf(groups.values());
    }

    private static List<List<Scored>> firsts(List<List<Pair>> groups) {
        return groups.stream()
                .map(group -> group.stream().map(Pair::first).toList())
                .toList();
    }

    private static List<List<Scored>> seconds(List<List<Pair>> groups) {
        return groups.stream()
                .map(group -> group.stream().map(Pair::second).toList())
                .toList();
    }

    private static double value(Benchmark benchmark, List<List<Scored>> groups, String name, Scoring how) {
        return Bootstrap.value(benchmark.figures(groups, how), name);
    }

    /// Twice the tail of the binomial distribution of a half.
    static double mcnemar(int better, int worse) {
        int all = better + worse;
        double term = -all * Math.log(2);
        double sum = 0;
        for (int k = 0; k <= Math.min(better, worse); k++) {
            sum += Math.exp(term);
            term += Math.log(all - k) - Math.log(k + 1.0);
        }
        return Math.min(1, 2 * sum);
    }
}

package dev.aerie.lab.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What studies take, before anything is done: how many works, of which so many are shared or need not be made, and
/// how long the rest will take on one thread. Of a search, the rounds to come are those that a score of 0 for all
/// that is not done would lead to. Where a work of the same kind is done, its seconds a step are taken, else those that
/// were measured once, on a shared core.
///
/// @param isKnown whether nothing is left to make of a cell
/// @param known   what came of a work, if it is done
record StudyCost(List<Study> studies, Store store, Predicate<Cell> isKnown, Function<Work, Optional<Made>> known) {

    /// Seconds of a step where nothing was measured here.
    private static final double STEP = 0.18;

    private static final double PAGING_STEP = 0.045;

    /// Of a picture that is scored.
    private static final double SCORING = 0.01;

    private static final double HOUR = 3600;

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("%-15s %6s %6s %6s %8s %10s".formatted("study", "cells", "works", "done", "steps", "hours left"));
        var seen = new HashMap<String, Work>();
        var needed = needed();
        var rates = rates();
        double all = 0;
        for (var study : studies) {
            var own = new LinkedHashMap<String, Work>();
            for (var cell : study.cells(this::scoreOrNone)) {
                for (var work : cell.work().chain()) {
                    if (seen.putIfAbsent(work.key(), work) == null) {
                        own.put(work.key(), work);
                    }
                }
            }
            long done =
                    own.keySet().stream().filter(key -> !needed.contains(key)).count();
            long steps =
                    own.values().stream().mapToLong(work -> work.task().steps()).sum();
            double left = own.values().stream()
                    .filter(work -> needed.contains(work.key()))
                    .mapToDouble(work -> seconds(work, rates))
                    .sum();
            all += left;
            lines.add(String.format(
                    Locale.ROOT,
                    "%-15s %6d %6d %6d %8d %10.2f",
                    study.plan().name(),
                    study.plan().count(),
                    own.size(),
                    done,
                    steps,
                    left / HOUR));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%.2f hours of one thread in all; each work is counted where it first comes up",
                all / HOUR));
        if (studies.stream().anyMatch(study -> !study.plan().search().isEmpty())) {
            lines.add(
                    "a search's later rounds depend on its scores; until these are known, any of its experts is kept");
        }
        return lines;
    }

    private OptionalDouble scoreOrNone(Work work) {
        return OptionalDouble.of(known.apply(work).map(Results::average).orElse(0.0));
    }

    /// Keys of what is still to be made.
    private Set<String> needed() {
        return studies.stream()
                .flatMap(study -> study.cells(this::scoreOrNone).stream())
                .filter(cell -> !isKnown.test(cell))
                .flatMap(cell -> cell.work().chain().stream())
                .filter(work -> !store.isDone(work))
                .map(Work::key)
                .collect(Collectors.toSet());
    }

    private static double seconds(Work work, Map<String, Double> rates) {
        return units(work)
                * rates.getOrDefault(
                        work.title(),
                        switch (work.task()) {
                            case Task.Score _ -> SCORING;
                            case Task.Pages _ -> PAGING_STEP;
                            default -> STEP;
                        });
    }

    /// What a work's time is counted in: its steps, or its pictures.
    private static long units(Work work) {
        return work.task() instanceof Task.Score score
                ? score.pictures()
                : work.task().steps();
    }

    /// Seconds of a step, or of a picture, by the titles of what is done.
    private Map<String, Double> rates() {
        var sums = new HashMap<String, double[]>();
        for (var study : studies) {
            for (var cell : study.cells(this::scoreOrNone)) {
                for (var work : cell.work().chain()) {
                    known.apply(work).ifPresent(made -> {
                        var sum = sums.computeIfAbsent(work.title(), _ -> new double[2]);
                        sum[0] += made.seconds();
                        sum[1] += units(work);
                    });
                }
            }
        }
        var rates = new HashMap<String, Double>();
        sums.forEach((title, sum) -> rates.put(title, sum[0] / Math.max(1, sum[1])));
        return rates;
    }
}

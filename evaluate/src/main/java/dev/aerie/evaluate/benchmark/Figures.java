package dev.aerie.evaluate.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Aggregations that benchmarks share.
final class Figures {

    private Figures() {}

    /// The mean score in percent, first of all and then of each category.
    static List<Figure> means(String name, List<List<Scored>> groups) {
        var figures = new ArrayList<Figure>();
        figures.add(new Figure(name, 100 * mean(flat(groups))));
        byCategory(groups).forEach((category, scored) -> figures.add(new Figure(category, 100 * mean(scored))));
        return figures;
    }

    static List<Scored> flat(List<List<Scored>> groups) {
        return groups.stream().flatMap(Collection::stream).toList();
    }

    static double mean(Collection<Scored> scored) {
        double sum = 0;
        for (var each : scored) {
            sum += each.score();
        }
        return scored.isEmpty() ? 0 : sum / scored.size();
    }

    /// Without answers that have no category.
    static Map<String, List<Scored>> byCategory(List<List<Scored>> groups) {
        var map = by(groups, Scored::category);
        map.remove("");
        return map;
    }

    static Map<String, List<Scored>> by(List<List<Scored>> groups, Function<Scored, String> key) {
        var map = new TreeMap<String, List<Scored>>();
        for (var group : groups) {
            for (var each : group) {
                map.computeIfAbsent(key.apply(each), _ -> new ArrayList<>()).add(each);
            }
        }
        return map;
    }
}

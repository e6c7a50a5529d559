package dev.aerie.lab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A study as data, read from YAML by [PlanReader].
///
/// @param name      letters, digits and hyphens
/// @param published what it is the miniature of: `Table 5`
/// @param about     for people: what is asked, and what the paper found
/// @param recipe    of a cell
/// @param towers    the experts where no axis says otherwise
/// @param set       settings of the recipe for all cells
/// @param axes      of the grid, in order
/// @param search    experts to try one by one; empty for a grid
/// @param paper     the paper's figures by the names of cells, where they are known
/// @param findings  what the paper found, as orders of cells
/// @param pictures  that a cell is scored on
/// @param seeds     from 1 on, so many
/// @param budget    share of the steps of everything
/// @param own       share of the steps of what most cells have for themselves: what comes after the decoder and the
/// experts alone
public record StudyPlan(
        String name,
        String title,
        String published,
        String about,
        String recipe,
        String towers,
        List<String> set,
        List<Axis> axes,
        List<String> search,
        Map<String, Double> paper,
        List<Finding> findings,
        int pictures,
        int seeds,
        double budget,
        double own) {

    public StudyPlan {
        set = List.copyOf(set);
        axes = List.copyOf(axes);
        search = List.copyOf(search);
        findings = List.copyOf(findings);
    }

    /// That some cells are better than others, on average.
    ///
    /// @param more names of the cells that are better; of a search also `best of 2`, the best set of two experts
    /// @param each whether they are better than each of the others, not only than their mean
    public record Finding(
            String claim,
            List<String> more,
            List<String> less,
            @Nullable Boolean each) {

        boolean isOfEach() {
            return each != null && each; // plans that were kept before there was such a claim do not say
        }

        public Finding {
            more = List.copyOf(more);
            less = List.copyOf(less);
        }
    }

    /// @param values in order
    public record Axis(String name, List<Value> values) {
        public Axis {
            values = List.copyOf(values);
        }
    }

    /// A value of an axis.
    ///
    /// @param towers experts that it asks for; empty where it leaves them
    /// @param set    settings of the recipe
    public record Value(String name, String towers, List<String> set) {
        public Value {
            set = List.copyOf(set);
        }
    }

    /// How many cells there will be.
    int count() {
        int n = search.size();
        return seeds * (n == 0 ? places().size() : 1 + n * (n + 1) / 2);
    }

    /// Every combination of the axes' values, the last axis the fastest.
    List<List<Value>> places() {
        List<List<Value>> places = List.of(List.of());
        for (var axis : axes) {
            var longer = new ArrayList<List<Value>>();
            for (var place : places) {
                for (var value : axis.values()) {
                    var next = new ArrayList<>(place);
                    next.add(value);
                    longer.add(next);
                }
            }
            places = longer;
        }
        return places;
    }

    /// The names of a grid's cells, in order.
    List<String> names() {
        return places().stream()
                .map(place -> place.stream().map(Value::name).collect(Collectors.joining(Cell.COMMA)))
                .toList();
    }

    /// The same with settings for all cells beside its own.
    StudyPlan with(List<String> others) {
        var all = new ArrayList<>(set);
        all.addAll(others);
        return new StudyPlan(
                name, title, published, about, recipe, towers, all, axes, search, paper, findings, pictures, seeds,
                budget, own);
    }

    /// The same with another number of seeds, other shares of its steps, and other pictures.
    StudyPlan shorter(int otherSeeds, double otherBudget, double otherOwn, int otherPictures) {
        return new StudyPlan(
                name,
                title,
                published,
                about,
                recipe,
                towers,
                set,
                axes,
                search,
                paper,
                findings,
                otherPictures,
                otherSeeds,
                otherBudget,
                otherOwn);
    }
}

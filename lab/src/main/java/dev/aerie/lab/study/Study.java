package dev.aerie.lab.study;

import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.world.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/// The cells of a plan. Not for several threads.
public final class Study {

    private static final Setting SETTING = Setting.EASY;
    private static final Miniature SIZES = Miniature.STUDY;

    /// What a cell's seed changes. Experts alone and the decoder before it sees are the same for all seeds, as
    /// published ones are.
    private static final List<String> RESEEDED = List.of("pre-align", "projector", "fine-tune");

    /// Of the pictures that cells are scored on.
    private static final long SCORED = 77;

    /// Between the experts in a name.
    static final String PLUS = " + ";

    private static final String ADDED = "experts";
    private static final int FORM_DIGITS = 8;

    private final StudyPlan plan;

    /// Of the cells that came up, by experts, settings and seed: reading recipes takes a while.
    private final Map<List<Object>, Work> scores = new HashMap<>();

    Study(StudyPlan plan) {
        this.plan = plan;
    }

    StudyPlan plan() {
        return plan;
    }

    /// A shipped plan, or one in a file.
    ///
    /// @param set settings of the recipe beside the plan's own
    public static Study find(String place, List<String> set) {
        return new Study(PlanReader.find(place).with(set));
    }

    /// The names of the shipped plans.
    public static List<String> shipped() {
        return PlanReader.SHIPPED;
    }

    /// In a short form: one seed, a part of the steps that cells have for themselves, fewer pictures.
    public Study quick() {
        return new Study(plan.shorter(1, plan.budget() * Quick.BUDGET, plan.own() * Quick.OWN, Quick.PICTURES));
    }

    /// With other seeds, from 1 to so many.
    public Study seeds(int count) {
        return new Study(plan.shorter(count, plan.budget(), plan.own(), plan.pictures()));
    }

    /// What the short form does.
    private static final class Quick {
        private static final double BUDGET = 0.6;
        private static final double OWN = 0.3;
        private static final int PICTURES = 200;
    }

    /// The cells that are known: all of a grid; of a search those that the scores so far lead to.
    ///
    /// @param score of a cell, if it is done
    List<Cell> cells(Function<Work, OptionalDouble> score) {
        return plan.search().isEmpty() ? grid() : search(score);
    }

    /// A name for all that decides on what cells come to: only cells of one form can be compared. More seeds of a grid
    /// leave its form; on which sets a search tries, its seeds decide too.
    String form() {
        var text = new StringBuilder(plan.search().isEmpty() ? "" : plan.seeds() + " seeds\n");
        for (var cell : cells(_ -> OptionalDouble.empty())) {
            if (cell.seed() == 1) {
                text.append(cell.name()).append(' ').append(cell.work().key()).append('\n');
            }
        }
        return Work.hash(text.toString()).substring(0, FORM_DIGITS);
    }

    private List<Cell> grid() {
        var places = plan.places();
        var cells = new ArrayList<Cell>();
        for (int seed = 1; seed <= plan.seeds(); seed++) {
            for (var place : places) {
                var towers = plan.towers();
                var set = new ArrayList<>(plan.set());
                var names = new LinkedHashMap<String, String>();
                for (int i = 0; i < place.size(); i++) {
                    var value = place.get(i);
                    names.put(plan.axes().get(i).name(), value.name());
                    towers = value.towers().isEmpty() ? towers : value.towers();
                    set.addAll(value.set());
                }
                cells.add(cell(names, towers, set, seed));
            }
        }
        return cells;
    }

    /// Round-robin (Fig. 4 of the paper): each round tries every expert that is left, and the one with the best mean
    /// over the seeds stays.
    private List<Cell> search(Function<Work, OptionalDouble> score) {
        var cells = new ArrayList<Cell>();
        cells.addAll(seeds(plan.towers()));
        var kept = plan.towers();
        var left = new ArrayList<>(plan.search());
        while (!left.isEmpty()) {
            var tried = new LinkedHashMap<String, List<Cell>>();
            for (var each : left) {
                tried.put(each, seeds(kept + ";" + each));
            }
            tried.values().forEach(cells::addAll);
            var means = new LinkedHashMap<String, Double>();
            for (var each : tried.entrySet()) {
                var scores = each.getValue().stream()
                        .map(cell -> score.apply(cell.work()))
                        .toList();
                if (scores.stream().allMatch(OptionalDouble::isPresent)) {
                    means.put(
                            each.getKey(),
                            scores.stream()
                                    .mapToDouble(OptionalDouble::getAsDouble)
                                    .average()
                                    .orElse(0));
                }
            }
            if (means.size() < tried.size()) {
                break;
            }
            var best = means.entrySet().stream()
                    .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .orElseThrow()
                    .getKey();
            kept = kept + ";" + best;
            left.remove(best);
        }
        return cells;
    }

    private List<Cell> seeds(String towers) {
        var cells = new ArrayList<Cell>();
        for (int seed = 1; seed <= plan.seeds(); seed++) {
            cells.add(cell(Map.of(ADDED, names(towers)), towers, plan.set(), seed));
        }
        return cells;
    }

    /// `clip + convnext`
    static String names(String towers) {
        return String.join(
                PLUS,
                Arrays.stream(towers.split(";"))
                        .map(tower -> tower.replaceAll("-\\d+$", ""))
                        .toList());
    }

    private Cell cell(Map<String, String> place, String towers, List<String> set, int seed) {
        var score = scores.computeIfAbsent(
                List.of(towers, set, seed),
                _ -> Work.of(
                        new Task.Score(SETTING, plan.pictures(), SCORED),
                        List.of(new Chain(plan.recipe(), SIZES, SETTING, plan.budget(), plan.own(), RESEEDED)
                                .of(towers, set, seed))));
        return new Cell(place, towers, set, seed, score);
    }
}

package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.eaglet.PagingRun;
import dev.aerie.lab.eaglet.Schooling;
import dev.aerie.lab.world.Setting;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the works of a cell from a recipe: each stage takes its inputs by name, `start` and `experts` are what the
/// study makes itself, and a stage that says nothing goes on from the one before.
///
/// @param recipe   shipped, or a file
/// @param budget   share of the steps of everything
/// @param own      share, beside that, of the steps of what is reseeded and of paging
/// @param reseeded stages that a cell's seed changes; what comes before is the same for all seeds
record Chain(String recipe, Miniature sizes, Setting setting, double budget, double own, List<String> reseeded) {

    static final String START = "start";
    static final String EXPERTS = "experts";

    /// The stage before, after its experts (unless they are to stay as they are) and its projector have learned to say
    /// pages.
    static final String PAGED = "paged";

    private static final long PAGE_STEPS = 1200;

    /// Far enough apart that no two stages of a recipe meet.
    private static final long SEED_STRIDE = 1000;

    /// @param towers of the cell
    /// @param set    its settings of the recipe
    /// @param seed   from 1 on; 1 leaves the recipe's own seeds
    Work of(String towers, List<String> set, int seed) {
        var plain = Recipe.find(recipe, set);
        if (seed > 1 && plain.stages().stream().noneMatch(stage -> reseeded.contains(stage.name()))) {
            throw new AerieException("cannot study " + recipe + " with several seeds: they would all come to the same;"
                    + " expected a stage named " + String.join(", ", reseeded) + ", or seeds: 1");
        }
        var all = new ArrayList<>(set);
        for (var stage : plain.stages()) {
            if (!(stage.pace().length() instanceof Pace.Length.Steps(var steps))) {
                throw new AerieException("cannot study the stage " + stage.name() + " of " + recipe
                        + ": its length is in epochs, expected schedule.steps");
            }
            all.add(stage.name() + ".schedule.steps=" + steps(steps, reseeded.contains(stage.name()) ? own : 1));
            if (reseeded.contains(stage.name())) {
                all.add(stage.name() + ".seed=" + (stage.seed() + SEED_STRIDE * (seed - 1)));
                all.add(stage.name() + ".data.seed=" + (stage.data().seed() + SEED_STRIDE * (seed - 1)));
            }
        }
        return new Building(towers, Recipe.find(recipe, all)).last();
    }

    private long steps(long full, double share) {
        return Math.max(2, Math.round(full * budget * share));
    }

    /// The works of one cell as they come up.
    private final class Building {

        private final List<String> towers;
        private final Recipe recipe;
        private final Work start = Work.of(new Task.Vocabulary(sizes), List.of());
        private final Map<String, Work> whole = new LinkedHashMap<>();
        private final Map<String, Map<String, Work>> each = new LinkedHashMap<>();

        Building(String towers, Recipe recipe) {
            this.towers = Experts.parse(towers).stream().map(Experts::tower).toList();
            this.recipe = recipe;
        }

        Work last() {
            Stage before = null;
            for (var stage : recipe.stages()) {
                add(stage.from().isPrevious() ? after(stage, before) : stage);
                before = stage;
            }
            var last = whole.get(recipe.stages().getLast().name());
            if (last == null) {
                throw new AerieException("cannot study " + recipe.name()
                        + ": its last stage has a run for each expert, expected one for all together");
            }
            return last;
        }

        private Stage after(Stage stage, @org.jspecify.annotations.Nullable Stage before) {
            if (before == null || !whole.containsKey(before.name())) {
                throw new AerieException("cannot study the stage " + stage.name() + " of " + recipe.name()
                        + ": there is no whole stage before it; set its 'from'");
            }
            return stage.withFrom(stage.from().after(Path.of(before.name())));
        }

        private void add(Stage stage) {
            if (!stage.eachExpert()) {
                whole.put(stage.name(), learning(stage, Optional.empty(), towers));
                return;
            }
            var runs = new LinkedHashMap<String, Work>();
            for (var tower : towers) {
                runs.put(tower, learning(stage, Optional.of(tower), List.of(tower)));
            }
            each.put(stage.name(), runs);
        }

        private Work learning(Stage stage, Optional<String> tower, List<String> wanted) {
            var sources = new LinkedHashMap<String, Work>();
            var from = stage.from();
            var chosen = new LinkedHashMap<String, Path>();
            if (!from.experts().isEmpty()) {
                for (var name : wanted) {
                    var path = from.experts().get(name);
                    if (path == null) {
                        throw new AerieException("cannot study " + name + ": from.experts of the stage " + stage.name()
                                + " does not say where it comes from");
                    }
                    chosen.put(name, path);
                }
            }
            var inputs = new java.util.EnumMap<Experts, Integer>(Experts.class);
            from.inputs().forEach((kind, side) -> {
                if (wanted.contains(kind.tower())) {
                    inputs.put(kind, side);
                }
            });
            var own = new Stage.From(
                    from.checkpoint(),
                    chosen,
                    from.language(),
                    from.projector(),
                    from.fresh(),
                    from.projectorKind(),
                    from.fusion(),
                    inputs,
                    from.tiling());
            var named = own.map((path, expert) -> {
                var work = source(stage, path.toString(), expert);
                sources.put(work.key(), work);
                return Path.of(work.key());
            });
            return Work.of(new Task.Learning(stage.withFrom(named), tower), List.copyOf(sources.values()));
        }

        private Work source(Stage stage, String name, Optional<String> expert) {
            if (name.equals(START)) {
                return start;
            }
            if (name.equals(PAGED)) {
                return pages(stage);
            }
            if (name.equals(EXPERTS) && expert.isPresent()) {
                var kind = Experts.parse(expert.get()).getFirst();
                var schooling = Schooling.brief(kind).times(budget);
                return Work.of(new Task.Expert(sizes, setting, schooling, stage.precision()), List.of(start));
            }
            var runs = each.get(name);
            var found = runs != null && expert.isPresent() ? runs.get(expert.get()) : whole.get(name);
            if (found == null) {
                throw new AerieException("cannot study the stage " + stage.name() + " of " + recipe.name() + ": '"
                        + name + "' is neither '" + START + "', '" + EXPERTS + "' nor a stage before it");
            }
            return found;
        }

        private Work pages(Stage stage) {
            var before = recipe.stages().indexOf(stage) - 1;
            var model =
                    before < 0 ? null : whole.get(recipe.stages().get(before).name());
            if (model == null) {
                throw new AerieException("cannot study the stage " + stage.name() + " of " + recipe.name()
                        + ": there is no whole stage before it that could learn pages");
            }
            boolean frozen = PagingRun.frozen(stage);
            long steps = steps(PAGE_STEPS, own);
            return Work.of(
                    new Task.Pages(setting, stage.data().seed(), steps, frozen, stage.precision()), List.of(model));
        }
    }
}

package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.lab.world.Setting;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.RecipeRunner;
import dev.aerie.vision.Experts;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Makes Eaglet from nothing: vocabulary, experts, then the stages of the recipe `eaglet`. What is finished is not done
/// again; what is under way goes on from its newest snapshot.
///
/// @param towers  the mixture
/// @param budget  share of the full length of everything, for trials; what a variant shares with others has that of
///     the shared folder, if something was begun there
/// @param heldOut pictures that scores on the way are taken on
/// @param set     settings of the recipe beside, see [Recipe#named]
/// @param say     hears a line of progress
public record EagletBuild(
        EagletFiles files,
        String towers,
        double budget,
        int heldOut,
        Stage.Precision precision,
        List<String> set,
        Consumer<String> say) {

    private static final double MOST_BUDGET = 100;
    private static final long EXPERT_RUN = 1;
    private static final long KEEP_EVERY = 100;

    public EagletBuild {
        requireBudget(budget);
        set = List.copyOf(set);
    }

    /// Many steps too few or too many would not be seen until hours later.
    static void requireBudget(double budget) {
        if (!(budget >= 0 && budget <= MOST_BUDGET)) {
            throw new AerieException("cannot make a miniature with a budget of " + budget
                    + ": expected a share of the full length, such as 0.1, and at most " + MOST_BUDGET);
        }
    }

    /// Makes what is missing of everything, in order.
    public void run() {
        begin();
        var recipe = recipe();
        plan().schooled(recipe).forEach(this::expert);
        for (var stage : recipe.stages()) {
            if (stage.from().checkpoint().filter(files.paged()::equals).isPresent()) {
                page(recipe);
            }
            runner(recipe).runOnly(stage.name());
        }
    }

    /// Makes one part alone, so that several processes can share the work.
    ///
    /// @param part an expert's tower name for its own task, or `paging`; else a stage, or `STAGE/TOWER`
    public void runOnly(String part) {
        begin();
        if (part.equals(PagingRun.NAME)) {
            page(recipe());
            return;
        }
        var expert = Arrays.stream(Experts.values())
                .filter(kind -> kind.tower().equals(part))
                .findFirst();
        expert.ifPresentOrElse(this::expert, () -> runner(recipe()).runOnly(part));
    }

    /// Experts, unless they are to stay as they are, and projector learn to say pages, see [Paging].
    private void page(Recipe recipe) {
        if (!Files.exists(files.paged().resolve("model.safetensors"))) {
            var settings = PagingRun.settings(Setting.FULL, 0, Math.max(2, Math.round(PagingRun.STEPS * budget)));
            new PagingRun(
                            settings,
                            PagingRun.frozen(recipe.stage("fine-tune")),
                            precision.dtype(),
                            task -> new TaskReport(PagingRun.NAME, task, settings, heldOut, say))
                    .run(files.result("projector", false), files.pagingRun(), files.paged());
        }
    }

    /// What a folder belongs to.
    private record Settings(double budget, Stage.Precision precision) {}

    private void begin() {
        Torch.setProductThreads(1);
        var shared = shared();
        if (shared.precision != precision) {
            throw new AerieException("cannot make " + files.variant() + " in "
                    + precision.name().toLowerCase(Locale.ROOT) + ": what it shares with others in " + files.root()
                    + " is made in " + shared.precision.name().toLowerCase(Locale.ROOT)
                    + " (--dtype); name another folder");
        }
        if (!isUnknown()) {
            Kept.begin(files.shared().settings(), shared, Settings.class);
        }
        Kept.begin(files.settings(), new Settings(budget, precision), Settings.class);
        files.writeStart();
    }

    /// Of the folder that variants share: what its settings file says, or this variant's where nothing was
    /// begun there.
    private Settings shared() {
        if (files.root().equals(files.variant())) {
            return new Settings(budget, precision);
        }
        var settings = files.shared().settings();
        if (Files.exists(settings)) {
            return Kept.read(settings, Settings.class);
        }
        return new Settings(isUnknown() ? 1 : budget, precision);
    }

    /// Whether the shared folder has parts but no settings file. They are taken to be of full length and of
    /// the precision that is asked for, but that is not written down: it is a guess.
    private boolean isUnknown() {
        return Files.exists(files.start()) && !Files.exists(files.shared().settings());
    }

    /// The recipe that is run.
    public Recipe recipe() {
        var common = List.of("precision=" + precision.name().toLowerCase(Locale.ROOT), "validation.count=" + heldOut);
        return plan().recipe(common, set);
    }

    private EagletRecipe plan() {
        return new EagletRecipe(files, towers, budget, shared().budget());
    }

    private RecipeRunner runner(Recipe recipe) {
        return new RecipeRunner(
                recipe,
                files.runs(),
                List.of(files.shared().runs()),
                run -> new Progress(run.name(), run.stage().batch().global(), say));
    }

    /// An expert learns its own task.
    public void expert(Experts kind) {
        var result = files.expert(kind.tower());
        if (Files.exists(result)) {
            return;
        }
        var schooling = Schooling.of(kind).times(shared().budget());
        var settings = schooling.settings(Setting.FULL, EXPERT_RUN, KEEP_EVERY);
        schooling.run(
                Miniature.EAGLET,
                settings,
                Tokenizer.open(files.start()),
                precision.dtype(),
                files.expertRun(kind.tower()),
                result,
                task -> new TaskReport(kind.tower(), task, settings, heldOut, say));
    }
}

package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.ExpertPool;
import dev.aerie.eagle.Looking;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Route;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.TorchRandom;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.run.Export;
import dev.aerie.train.run.Snapshots;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Makes a miniature that chooses its experts, from a trained one that always asks all of them: MoVA's adapter in place
/// of its fusion learns pages with any of the experts, each set of experts is scored, and the decoder learns to name
/// the best for a question. What is finished is not done again. Experts stay as they are.
///
/// @param folder    for all that is made
/// @param from      a trained mixture of the miniature
/// @param budget    share of the full length of everything, for trials
/// @param heldOut   pictures that each set of experts is scored on
public record MovaBuild(Path folder, Path from, double budget, int heldOut, DType precision, Consumer<String> say) {

    /// Heads of 64 channels, a token for every cell; the gate keeps all whom the route asks.
    private static final FusionChoice FUSION =
            new FusionChoice(Fusions.MOVA, Map.of("layers", 2, "heads", 2, "down", 1, "experts", 25));

    private static final long ADAPTER_STEPS = 4000;
    private static final long CHOICE_STEPS = 300;
    private static final long ADAPTER_RUN = 20;
    private static final long CHOICE_RUN = 40;
    private static final int CHOICE_BATCH = 16;
    private static final double CHOICE_RATE = 3e-4;
    private static final long KEEP_EVERY = 100;
    private static final int LOSS_CHUNK = 4096;
    private static final int LONGEST = 512;

    /// Pictures that sets of experts are scored on: others than those of [Scoring] by default.
    private static final long QUALITY_RUN = 1000;

    private static final String POOL = "routing.json";

    private static final int MOST_AT_ONCE = 256;
    private static final int MOST_PICTURES = 1_000_000;

    /// What a folder belongs to.
    private record Settings(String from, double budget, int heldOut, DType precision) {}

    public MovaBuild {
        EagletBuild.requireBudget(budget);
        if (heldOut < 1 || heldOut > MOST_PICTURES) {
            throw new AerieException("cannot make a miniature that chooses: its sets of experts are to be scored on "
                    + heldOut + " pictures, expected 1 to " + MOST_PICTURES);
        }
    }

    /// The mixture whose adapter has learned with any experts.
    public Path adapter() {
        return folder.resolve("adapter");
    }

    /// The same with a decoder that chooses.
    public Path routed() {
        return folder.resolve("routed");
    }

    /// Makes what is missing.
    ///
    /// @return how well questions are answered with which experts
    public RouteQuality run() {
        Torch.setProductThreads(1);
        requirePool(EagleConfig.open(from).towerNames());
        var settings = new Settings(from.toAbsolutePath().normalize().toString(), budget, heldOut, precision);
        Kept.begin(folder.resolve("settings.json"), settings, Settings.class);
        if (!Files.exists(adapter().resolve("model.safetensors"))) {
            adapt();
        }
        var quality = quality();
        if (!Files.exists(routed().resolve("model.safetensors"))) {
            choose(quality.labels());
        }
        return quality;
    }

    private void requirePool(List<String> towers) {
        for (var expert : pool().experts()) {
            if (!towers.contains(expert.tower())) {
                throw new AerieException("cannot make a miniature that chooses of " + from + ": it has the experts "
                        + String.join(", ", towers) + ", expected " + expert.tower() + " among them");
            }
        }
    }

    /// Any of the others, in any number: a picture's seed says which.
    static Routes any(List<Drawing> batch, int others) {
        return new Routes(batch.stream()
                .map(drawing -> {
                    var random = new TorchRandom(drawing.seed());
                    int count = Integer.remainderUnsigned(random.nextInt(), others + 1);
                    var places = new TreeSet<Integer>();
                    Arrays.stream(random.permutation(others)).limit(count).forEach(i -> places.add(i + 1));
                    return new Route(places);
                })
                .toList());
    }

    private void adapt() {
        int others = EagleConfig.open(from).towerNames().size() - 1;
        var settings = PagingRun.settings(Setting.FULL, ADAPTER_RUN, steps(ADAPTER_STEPS));
        new PagingRun(settings, true, precision, task -> new TaskReport("adapter", task, settings, reported(), say))
                .run(
                        from,
                        Optional.of(FUSION),
                        batch -> any(batch, others),
                        folder.resolve("runs").resolve("adapter"),
                        adapter());
    }

    /// Pictures that a task is scored on while it learns: all at once, so not too many.
    private int reported() {
        return Math.min(MOST_AT_ONCE, heldOut);
    }

    private long steps(long full) {
        return Math.max(2, Math.round(full * budget));
    }

    /// Scores every set of experts that the pool lets be chosen.
    private RouteQuality quality() {
        var file = folder.resolve("quality.json");
        if (Files.exists(file)) {
            return Kept.read(file, RouteQuality.class);
        }
        var measured = new ArrayList<RouteQuality.Measured>();
        for (var towers : sets(pool())) {
            var kinds = towers.isEmpty() ? List.<Experts>of() : Experts.parse(String.join(";", towers));
            var scores = new Scoring(Setting.FULL, heldOut, QUALITY_RUN)
                    .of(adapter(), new Looking.Only(kinds), Optional.empty(), Progress.SILENT)
                    .all();
            say.accept("beside the first %s: %s"
                    .formatted(towers.isEmpty() ? "none" : String.join(" ", towers), scores.line()));
            measured.add(new RouteQuality.Measured(towers, scores.each()));
        }
        var quality = new RouteQuality(measured);
        Kept.write(file, quality);
        return quality;
    }

    private static List<List<String>> sets(ExpertPool pool) {
        var sets = new ArrayList<List<String>>();
        for (int bits = 0; bits < 1 << pool.experts().size(); bits++) {
            var towers = new ArrayList<String>();
            for (int i = 0; i < pool.experts().size(); i++) {
                if ((bits >> i & 1) == 1) {
                    towers.add(pool.experts().get(i).tower());
                }
            }
            if (towers.size() <= pool.most()) {
                sets.add(towers);
            }
        }
        return sets;
    }

    /// The experts' descriptions for the miniature, and how its decoder is asked.
    static ExpertPool pool() {
        try (var stream = MovaBuild.class.getResourceAsStream(POOL)) {
            return ExpertPool.of(
                    POOL, new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AerieException("cannot read " + POOL + ": " + e, e);
        }
    }

    /// The decoder learns to choose, see [RouteTask].
    private void choose(Map<Family, List<String>> labels) {
        labels.forEach((family, towers) -> say.accept("%s: %s".formatted(family.label(), String.join(" ", towers))));
        Torch.seed(CHOICE_RUN);
        var config = EagleConfig.open(adapter());
        var maker = SampleMaker.of(adapter(), Optional.empty(), RowForm.INDEPENDENT_TURNS)
                .withMaxLength(LONGEST);
        var settings = new Pretraining.Settings(
                Setting.FULL, CHOICE_RUN, steps(CHOICE_STEPS), CHOICE_BATCH, CHOICE_RATE, KEEP_EVERY);
        try (var source = new CheckpointSource(Checkpoint.open(adapter()));
                var parameters = new Parameters(source, name -> Part.of(name) == Part.LANGUAGE, precision)) {
            var model = new TrainingModel(
                    EagleModel.of(parameters, config, World.SIDE),
                    precision,
                    maker.viewing(),
                    _ -> false,
                    false,
                    LOSS_CHUNK);
            var rows = new WorldExamples(Setting.FULL, Split.TRAINING, CHOICE_RUN, 1, maker, true);
            var task = new RouteTask(model, maker, pool(), labels, new PageExamples(rows, false));
            var report = new TaskReport("routed", task, settings, reported(), say);
            new Pretraining(
                            settings,
                            task,
                            parameters,
                            new Snapshots(folder.resolve("runs").resolve("routed"), 1))
                    .run(report);
            pool().writeTo(Files.createDirectories(routed()));
            new Export(config, adapter(), precision).writeTo(routed(), parameters, Map.of());
        } catch (IOException e) {
            throw new AerieException("cannot write " + routed() + ": " + e + "; check permissions and free space", e);
        }
    }
}

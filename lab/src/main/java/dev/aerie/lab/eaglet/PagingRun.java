package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleModel;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.Export;
import dev.aerie.train.run.Snapshots;
import dev.aerie.train.start.Start;
import dev.aerie.vision.Experts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// [Paging] as a part of the making of a model: from the checkpoint of the projector's stage to that which everything
/// is fine-tuned from. The decoder stays as it is.
///
/// @param settings of the run; its pictures have the cells of its world's setting
/// @param frozen   whether the experts stay as they are and only the projector learns
/// @param report   of the task, hears of its steps
public record PagingRun(
        Pretraining.Settings settings, boolean frozen, DType precision, Function<Task, Pretraining.Listener> report) {

    static final String NAME = "paging";

    /// Eaglet's, at full length.
    static final long STEPS = 7000;

    private static final long RUN = 7;
    private static final long SEED = 250;
    private static final int BATCH = 16;
    private static final double RATE = 1e-3;
    private static final long KEEP_EVERY = 100;

    /// Settings with Eaglet's batches and rate.
    ///
    /// @param run more than 0 for pictures of its own
    public static Pretraining.Settings settings(Setting setting, long run, long steps) {
        return new Pretraining.Settings(setting, RUN + run, steps, BATCH, RATE, KEEP_EVERY);
    }

    /// Whether the experts stay as they are before a stage in which they do.
    ///
    /// @throws AerieException if the stage says so of some of them alone
    public static boolean frozen(Stage stage) {
        for (var rate : stage.learn().entrySet()) {
            if (rate.getValue() == 0
                    && Arrays.stream(Experts.values())
                            .anyMatch(expert -> expert.tower().equals(rate.getKey()))) {
                throw new AerieException("cannot teach pages before the stage " + stage.name() + ": it freezes "
                        + rate.getKey() + " alone; expected a rate of 0 for all experts, or for none");
            }
        }
        return Double.valueOf(0).equals(stage.learn().get("experts"));
    }

    private boolean learns(String parameter) {
        return switch (Part.of(parameter)) {
            case PROJECTOR -> true;
            case LANGUAGE -> false;
            default -> !frozen;
        };
    }

    /// @param snapshots folder for what is needed to go on
    public void run(Path from, Path snapshots, Path to) {
        if (!Files.exists(from.resolve("model.safetensors"))) {
            throw new AerieException("cannot teach pages: there is no " + from + " to go on from; make it first");
        }
        run(from, Optional.empty(), _ -> Routes.ALL, snapshots, to);
    }

    /// The same with the experts joined otherwise.
    ///
    /// @param fusion begins anew, as a projector behind it does
    /// @param routes which experts look at the pictures
    void run(
            Path from, Optional<FusionChoice> fusion, Function<List<Drawing>, Routes> routes, Path snapshots, Path to) {
        var place = new Stage.From(
                Optional.of(from),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Stage.From.MLP,
                fusion,
                Map.of(),
                Optional.empty());
        Torch.seed(SEED);
        try (var start = Start.open(place, Optional.empty());
                var parameters = new Parameters(start.source(), this::learns, precision);
                var _ = TensorScope.open()) {
            var config = start.config();
            var model = EagleModel.of(parameters, config, World.SIDE);
            var language = config.language();
            var table = parameters
                    .parameter("model.embed_tokens.weight", language.vocabulary(), language.hidden())
                    .to(DType.F32);
            var task = new Paging(
                    model,
                    config.mixture().fusion().method(),
                    table,
                    Tokenizer.open(from),
                    precision,
                    settings.setting().cell(),
                    routes);
            new Pretraining(settings, task, parameters, new Snapshots(snapshots, 1)).run(report.apply(task));
            new Export(config, from, precision).writeTo(to, parameters, Map.of());
        }
    }
}

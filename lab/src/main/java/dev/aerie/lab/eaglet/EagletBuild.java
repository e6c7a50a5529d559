package dev.aerie.lab.eaglet;

import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.WorldTokenizer;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Part;
import dev.aerie.train.run.Snapshots;
import dev.aerie.train.run.StepReport;
import dev.aerie.train.start.Assembly;
import dev.aerie.train.start.Initial;
import dev.aerie.train.start.Origin;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import dev.aerie.weights.SafetensorsWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Makes Eaglet from nothing: vocabulary, experts, decoder, then the paper's three stages. What is finished is not done
/// again; what is under way goes on from its newest snapshot.
///
/// @param budget  share of the full length of everything, for trials
/// @param heldOut pictures that scores on the way are taken on
/// @param say    hears a line of progress
public record EagletBuild(EagletFiles files, double budget, int heldOut, DType precision, Consumer<String> say) {

    private static final long EXPERT_RUN = 1;
    private static final long DECODER_RUN = 2;
    private static final long ALIGN_RUN = 3;
    private static final long STAGE_RUN = 4;
    private static final long KEEP_EVERY = 100;
    private static final double AVERAGE = 0.998;

    private static final double RATE = 1e-3;
    private static final double EXPERT_RATE = 4e-4;
    private static final double DECODER_RATE = 2e-3;

    private static final long DECODER_STEPS = 1200;
    private static final long ALIGN_STEPS = 120;
    private static final long PROJECTOR_STEPS = 100;
    private static final long FINE_TUNE_STEPS = 6000;
    private static final int BATCH = 32;

    /// Makes what is missing of a mixture, in order.
    public void run(String towers) {
        Torch.setProductThreads(1);
        if (!EagletFiles.isDone(files.tokenizer().resolve("tokenizer.json"))) {
            WorldTokenizer.write(files.tokenizer());
        }
        for (var kind : Experts.parse(towers)) {
            expert(kind);
        }
        decoder();
        for (var kind : Experts.parse(towers)) {
            align(kind);
        }
        projector(towers);
        fineTune(towers);
    }

    /// An expert learns its own task.
    public void expert(Experts kind) {
        var result = files.expert(kind.tower());
        if (EagletFiles.isDone(result)) {
            return;
        }
        Torch.seed(kind.ordinal());
        var schooling = Schooling.of(kind).times(budget);
        var tokenizer = Tokenizer.open(files.tokenizer());
        try (var initial = new Initial();
                var parameters = new Parameters(initial, _ -> true, precision)) {
            var task = schooling.task(parameters, tokenizer, precision);
            var snapshots = new Snapshots(files.run("expert-" + kind.tower()), 1);
            new Pretraining(schooling.settings(EXPERT_RUN, KEEP_EVERY), task, parameters, snapshots)
                    .run((step, loss, seconds) -> {
                        if (step % 50 == 0) {
                            say.accept("%s: step %d of %d, loss %.4f, %.0f pictures/s"
                                    .formatted(
                                            kind.tower(), step, schooling.steps(), loss, schooling.batch() / seconds));
                        }
                        if (step % 200 == 0 || step == schooling.steps()) {
                            var unseen = Pretraining.drawings(Split.VALIDATION, EXPERT_RUN, 0, heldOut);
                            say.accept("%s: %s %.3f".formatted(kind.tower(), task.measure(), task.score(unseen)));
                        }
                    });
            var own = parameters.contents(DType.F32, Map.of()).stream()
                    .filter(tensor -> !Schooling.isHead(tensor.name()))
                    .toList();
            SafetensorsWriter.write(result, own, Map.of("format", "pt"));
        }
    }

    /// The decoder reads captions.
    public void decoder() {
        if (EagletFiles.isDone(files.decoder())) {
            return;
        }
        Torch.seed(100);
        var stage = new EagletStage(
                "decoder",
                "",
                Map.of(Part.LANGUAGE, DECODER_RATE),
                length(DECODER_STEPS),
                BATCH,
                DECODER_RUN,
                0,
                heldOut,
                precision);
        try (var initial = new Initial(_ -> 0.02, Map.of())) {
            stage.run(initial, files.tokenizer(), files.run("decoder"), files.decoder(), listeners(stage));
        }
    }

    /// Stage one: an expert alone, with a projector of its own, before the frozen decoder.
    public void align(Experts kind) {
        var result = files.aligned(kind.tower());
        var stage = new EagletStage(
                "align-" + kind.tower(),
                kind.tower(),
                Map.of(Part.EXPERTS, EXPERT_RATE, Part.PROJECTOR, RATE),
                length(ALIGN_STEPS),
                BATCH,
                ALIGN_RUN,
                0,
                heldOut,
                precision);
        if (!EagletFiles.isDone(result)) {
            assembled(
                    List.of(kind),
                    this::fromTask,
                    origin -> stage.run(origin, files.tokenizer(), files.run(stage.name()), result, listeners(stage)));
        }
    }

    /// Stage two: the projector of the whole mixture.
    public void projector(String towers) {
        var result = files.stage("projector");
        var stage = new EagletStage(
                "projector",
                towers,
                Map.of(Part.PROJECTOR, RATE),
                length(PROJECTOR_STEPS),
                BATCH,
                STAGE_RUN,
                0,
                heldOut,
                precision);
        if (!EagletFiles.isDone(result)) {
            assembled(
                    Experts.parse(towers),
                    this::fromAlignment,
                    origin -> stage.run(origin, files.tokenizer(), files.run(stage.name()), result, listeners(stage)));
        }
    }

    /// Stage three: everything.
    public void fineTune(String towers) {
        var result = files.stage("eaglet");
        var stage = new EagletStage(
                "fine-tune",
                towers,
                Map.of(Part.EXPERTS, EXPERT_RATE, Part.PROJECTOR, RATE, Part.LANGUAGE, RATE),
                length(FINE_TUNE_STEPS),
                BATCH,
                STAGE_RUN + 1,
                AVERAGE,
                heldOut,
                precision);
        if (!EagletFiles.isDone(result)) {
            try (var source = new CheckpointSource(Checkpoint.open(files.stage("projector")))) {
                stage.run(source, files.tokenizer(), files.run(stage.name()), result, listeners(stage));
            }
        }
    }

    private Origin fromTask(Experts kind) {
        return Origin.expert(kind, files.expert(kind.tower()));
    }

    private Origin fromAlignment(Experts kind) {
        return Origin.expert(kind, files.aligned(kind.tower()));
    }

    /// A model of experts, the decoder and a fresh projector whose norm begins at the scale of the words.
    private void assembled(List<Experts> kinds, Function<Experts, Origin> experts, Consumer<ParameterSource> use) {
        var open = new ArrayList<AutoCloseable>();
        Torch.seed(200);
        try (var decoder = new CheckpointSource(Checkpoint.open(files.decoder()));
                var initial = new Initial(_ -> Double.NaN, Map.of("model.mm_projector.3.weight", scale(decoder)))) {
            var routes = new ArrayList<Assembly.Route>();
            for (int i = 0; i < kinds.size(); i++) {
                var origin = experts.apply(kinds.get(i));
                open.add(origin);
                routes.add(new Assembly.Route("model.vision_tower.vision_towers." + i + ".vision_tower.", origin));
            }
            routes.add(new Assembly.Route("model.mm_projector.", initial.at("model.mm_projector")));
            routes.add(new Assembly.Route("", decoder));
            use.accept(new Assembly(routes, initial));
        } finally {
            for (var each : open) {
                close(each);
            }
        }
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The root mean square of the words' embeddings.
    private static double scale(ParameterSource decoder) {
        try (var _ = TensorScope.open()) {
            var shape = decoder.stored("model.embed_tokens.weight").orElseThrow();
            var table = decoder.parameter("model.embed_tokens.weight", shape).to(DType.F32);
            return Math.sqrt(table.times(table).mean().item());
        }
    }

    private long length(long steps) {
        return Math.max(2, Math.round(steps * budget));
    }

    private EagletStage.Listeners listeners(EagletStage stage) {
        return new EagletStage.Listeners(
                report -> {
                    if (report.step() % 50 == 0 || report.step() <= 2) {
                        say.accept(line(stage, report));
                    }
                },
                (step, scores) -> say.accept("%s: after step %d: %s".formatted(stage.name(), step, scores.line())));
    }

    private static String line(EagletStage stage, StepReport report) {
        return "%s: step %d of %d, loss %.4f, norm %.2f, %.0f pictures/s"
                .formatted(
                        stage.name(),
                        report.step(),
                        stage.steps(),
                        report.loss(),
                        report.norm(),
                        stage.batch() / report.seconds());
    }
}

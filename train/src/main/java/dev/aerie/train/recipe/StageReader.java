package dev.aerie.train.recipe;

import dev.aerie.AerieException;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Projector;
import dev.aerie.image.Aspect;
import dev.aerie.nn.Manifest;
import dev.aerie.text.Template;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Makes a [Stage] of its YAML mapping. Defaults stand here and nowhere else; those of the optimiser and the seed are
/// the reference's (Hugging Face's).
final class StageReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LONGEST_ROW = 1 << 20;
    private static final DoublePredicate RATE = value -> value >= 0 && value <= 10;
    private static final DoublePredicate SHARE = value -> value >= 0 && value < 1;
    private static final DoublePredicate POSITIVE = value -> value > 0;
    private static final DoublePredicate NOT_NEGATIVE = value -> value >= 0;

    private StageReader() {}

    /// @param recipe its name in errors
    static Stage read(String recipe, String name, JsonNode json) {
        if (!NAME.matcher(name).matches()) {
            throw new AerieException("cannot read the recipe " + recipe + ": a stage is called '" + name
                    + "', expected letters, digits, - and _, at most 64");
        }
        try (var stage = new Settings(recipe, name, json)) {
            stage.has("stage");
            stage.has(RecipeReader.SKIP);
            return new Stage(
                    name,
                    learn(stage),
                    eachExpert(stage),
                    data(stage),
                    batch(stage),
                    pace(stage),
                    optimiser(stage),
                    stage.number("clip", NOT_NEGATIVE, "the largest norm of the gradients, or 0 for no limit", 0),
                    stage.choice("precision", Stage.Precision.class, Stage.Precision.FLOAT32),
                    stage.flag("recompute", false),
                    stage.integer("lossChunk", 0, 1024),
                    lora(stage),
                    from(stage),
                    stage.path("to", "a folder"),
                    keep(stage),
                    validation(stage),
                    stage.whole("seed", 0, Long.MAX_VALUE, 42),
                    stage.has("ema")
                            ? OptionalDouble.of(stage.number("ema", SHARE, "a decay from 0 on and below 1"))
                            : OptionalDouble.empty());
        }
    }

    private static Map<String, Double> learn(Settings stage) {
        var rates = new LinkedHashMap<String, Double>();
        try (var learn = stage.at("learn")) {
            for (var key : learn.keys()) {
                rates.put(key, learn.number(key, RATE, "a learning rate from 0 (frozen) to 10"));
            }
        }
        if (rates.isEmpty()) {
            throw stage.wrong("learn", "rates by part: experts, projector, language or patterns over names");
        }
        return rates;
    }

    private static boolean eachExpert(Settings stage) {
        if (stage.optionalText("each").filter(each -> !each.equals("expert")).isPresent()) {
            throw stage.wrong("each", "expert");
        }
        return stage.has("each");
    }

    private static Stage.Data data(Settings stage) {
        try (var data = stage.at("data", "mixture")) {
            return new Stage.Data(
                    data.text("mixture"),
                    data.path("folder", "a folder").orElse(Path.of("")),
                    data.optionalText("template").map(template -> {
                        if (!Template.names().contains(template)) {
                            throw data.wrong("template", "one of " + String.join(", ", Template.names()));
                        }
                        return template;
                    }),
                    data.choice("aspect", Aspect.class, Aspect.PAD),
                    (int) data.whole("maxLength", 1, LONGEST_ROW, 2048),
                    data.choice("rows", Stage.Rows.class, Stage.Rows.CONVERSATION),
                    data.choice("order", Stage.Order.class, Stage.Order.SHUFFLE),
                    data.whole("seed", 0, Long.MAX_VALUE, 42));
        }
    }

    private static Stage.BatchSize batch(Settings stage) {
        try (var batch = stage.at("batch")) {
            int global = (int) batch.whole("global", 1, 1 << 20);
            int micro = (int) batch.whole("micro", 1, 1 << 20);
            if (global % micro != 0) {
                throw batch.wrong("micro", "a divisor of global, which is " + global);
            }
            return new Stage.BatchSize(global, micro, (int) batch.whole("parts", 1, micro, 1));
        }
    }

    private static Pace pace(Settings stage) {
        try (var schedule = stage.at("schedule")) {
            return new Pace(
                    schedule.choice("kind", Schedule.Kind.class, Schedule.Kind.COSINE),
                    warmup(schedule),
                    schedule.number("floor", value -> value >= 0 && value <= 1, "a share of the peak, 0 to 1", 0),
                    length(schedule));
        }
    }

    private static Pace.Warmup warmup(Settings schedule) {
        var expected = "a share of all steps below 1, or a whole number of steps";
        double up = schedule.number("warmup", value -> value < 1 || value == Math.rint(value), expected, 0.03);
        if (up < 0 || up > Integer.MAX_VALUE) {
            throw schedule.wrong("warmup", expected);
        }
        return up < 1 ? new Pace.Warmup.Ratio(up) : new Pace.Warmup.Steps((long) up);
    }

    private static Pace.Length length(Settings schedule) {
        if (schedule.has("steps")) {
            if (schedule.has("epochs")) {
                throw schedule.wrong("steps", "steps or epochs, not both");
            }
            return new Pace.Length.Steps(schedule.whole("steps", 1, Long.MAX_VALUE));
        }
        return new Pace.Length.Epochs(schedule.number(
                "epochs", value -> value > 0 && value <= 1e6, "passes over the data, a number above 0", 1));
    }

    private static Stage.Optimiser optimiser(Settings stage) {
        try (var optimiser = stage.at("optimiser")) {
            double beta1 = 0.9;
            double beta2 = 0.999;
            if (optimiser.has("betas")) {
                var betas = optimiser.list("betas", "two decays, such as [0.9, 0.999]");
                if (betas.size() != 2 || !isDecay(betas.get(0)) || !isDecay(betas.get(1))) {
                    throw optimiser.wrong("betas", "two decays from 0 on and below 1, such as [0.9, 0.999]");
                }
                beta1 = betas.get(0).doubleValue();
                beta2 = betas.get(1).doubleValue();
            }
            return new Stage.Optimiser(
                    beta1,
                    beta2,
                    optimiser.number("epsilon", POSITIVE, "a number above 0", 1e-8),
                    optimiser.number("weightDecay", NOT_NEGATIVE, "a number from 0 on", 0));
        }
    }

    private static boolean isDecay(JsonNode node) {
        return node.isNumber() && SHARE.test(node.doubleValue());
    }

    private static Optional<Stage.Lora> lora(Settings stage) {
        if (!stage.has("lora")) {
            return Optional.empty();
        }
        try (var lora = stage.at("lora")) {
            int rank = (int) lora.whole("rank", 1, 1 << 16);
            var targets = new ArrayList<String>();
            for (var target : lora.list("targets", "patterns over linear layers, such as [\"model.layers.*_proj\"]")) {
                if (!target.isString()) {
                    throw lora.wrong("targets", "a list of texts");
                }
                targets.add(target.stringValue());
            }
            return Optional.of(new Stage.Lora(
                    rank,
                    lora.number("alpha", POSITIVE, "a number above 0", rank),
                    targets,
                    lora.number("rate", value -> RATE.test(value) && value > 0, "a learning rate above 0")));
        }
    }

    private static Stage.From from(Settings stage) {
        try (var from = stage.at("from", "checkpoint")) {
            var experts = new LinkedHashMap<String, Path>();
            try (var towers = from.at("experts")) {
                for (var tower : towers.keys()) {
                    if (!tower.contains("/")) { // else a model of its own, such as LLaVA's CLIP
                        Experts.parse(tower);
                    }
                    experts.put(
                            tower,
                            towers.path(tower, "a file or folder")
                                    .orElseThrow(() -> towers.wrong(tower, "a file or folder")));
                }
            }
            var kind = from.text("projectorKind", Stage.From.MLP);
            Projector.of(new Manifest(), kind, 1, 1);
            var point = new Stage.From(
                    from.path("checkpoint", "a folder or file"),
                    experts,
                    from.path("language", "a folder"),
                    from.path("projector", "a file"),
                    from.path("fresh", "a folder"),
                    kind,
                    fusion(from),
                    inputs(from),
                    tiling(from));
            if (point.fresh().isPresent()
                    && (point.checkpoint().isPresent() || point.language().isPresent())) {
                throw from.wrong("fresh", "fresh weights, a language model or a checkpoint, only one of them");
            }
            if (point.checkpoint().isEmpty()
                    && !point.isPrevious()
                    && point.language().isEmpty()
                    && point.fresh().isEmpty()) {
                throw from.wrong("language", "the folder of a language model (or give a checkpoint)");
            }
            return point;
        }
    }

    /// A method's name and how many tiles it may make, such as `internvl:6`.
    private static Optional<TilingChoice> tiling(Settings from) {
        return from.optionalText("tiling").map(text -> {
            try {
                return TilingChoice.of(text);
            } catch (AerieException e) {
                throw from.wrong("tiling", "a tiling such as internvl:6 (" + e.getMessage() + ")");
            }
        });
    }

    /// Sides of the pictures of some experts.
    private static Map<Experts, Integer> inputs(Settings from) {
        try (var inputs = from.at("inputs")) {
            var sides = new EnumMap<Experts, Integer>(Experts.class);
            for (var tower : inputs.keys()) {
                sides.put(Experts.parse(tower).getFirst(), (int) inputs.whole(tower, 14, 4096));
            }
            return sides;
        }
    }

    /// A method's name, or `method` and the sizes that differ from its usual ones.
    private static Optional<FusionChoice> fusion(Settings from) {
        if (!from.has("fusion")) {
            return Optional.empty();
        }
        try (var fusion = from.at("fusion", "method")) {
            var method = Fusions.named(fusion.text("method"));
            var sizes = new TreeMap<String, Integer>();
            for (var name : method.sizes().keySet()) {
                if (fusion.has(name)) {
                    sizes.put(name, (int) fusion.whole(name, 0, Integer.MAX_VALUE));
                }
            }
            return Optional.of(new FusionChoice(method, sizes));
        }
    }

    private enum Exported {
        LAST,
        BEST
    }

    private static Stage.Keep keep(Settings stage) {
        try (var keep = stage.at("keep")) {
            boolean best = keep.flag("best", true);
            boolean exportsBest = keep.choice("export", Exported.class, Exported.LAST) == Exported.BEST;
            if (exportsBest && !(best && stage.has("validation"))) {
                throw keep.wrong("export", "last, or best with keep.best and a validation that tells which that is");
            }
            return new Stage.Keep(keep.integer("last", 1, 2), best, keep.integer("every", 1, 500), exportsBest);
        }
    }

    private static Optional<Stage.Validation> validation(Settings stage) {
        if (!stage.has("validation")) {
            return Optional.empty();
        }
        try (var validation = stage.at("validation", "mixture")) {
            return Optional.of(new Stage.Validation(
                    validation.text("mixture"),
                    validation.path("folder", "a folder").orElse(Path.of("")),
                    validation.integer("every", 1, 500),
                    validation.integer("count", 1, 256),
                    validation.has("maxLength")
                            ? OptionalInt.of((int) validation.whole("maxLength", 1, LONGEST_ROW))
                            : OptionalInt.empty()));
        }
    }
}

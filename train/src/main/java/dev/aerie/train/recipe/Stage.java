package dev.aerie.train.recipe;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.files.Glob;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.image.Aspect;
import dev.aerie.tensor.DType;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/// One stage of training as data: which parts learn at which rate, on what, how long, from where.
///
/// Paths are relative to the working directory, except those inside data manifests.
///
/// @param name       letters, digits, `-` and `_`
/// @param learn      rates by part or pattern, 0 = frozen; where several match a name, the last counts, see
/// [LearningRates]
/// @param eachExpert one run for each expert with a projector of its own, see [#runs]; the results are gathered
/// @param pace       schedule and length
/// @param clip       the largest norm of all gradients together; 0 for no limit
/// @param recompute  keeps only each block's input for the backward pass and computes the block again
/// @param lossChunk  positions whose logits are made at a time; 0 for all at once
/// @param from       where weights come from
/// @param to         where the result goes; the run's own folder if empty
/// @param seed       of everything random but the order of data
/// @param ema        decay of the averaged weights that are exported; none if empty
public record Stage(
        String name,
        Map<String, Double> learn,
        boolean eachExpert,
        Data data,
        BatchSize batch,
        Pace pace,
        Optimiser optimiser,
        double clip,
        Precision precision,
        boolean recompute,
        int lossChunk,
        Optional<Lora> lora,
        From from,
        Optional<Path> to,
        Keep keep,
        Optional<Validation> validation,
        long seed,
        OptionalDouble ema) {

    public Stage {
        learn = Collections.unmodifiableMap(new LinkedHashMap<>(learn));
    }

    /// The same with other adapters, or none.
    public Stage withLora(Optional<Lora> other) {
        return with(pace, other, from, to);
    }

    /// The same with another beginning.
    public Stage withFrom(From other) {
        return with(pace, lora, other, to);
    }

    /// The same with another place for the result.
    public Stage withTo(Path other) {
        return with(pace, lora, from, Optional.of(other));
    }

    /// The same with another schedule.
    public Stage withPace(Pace other) {
        return with(other, lora, from, to);
    }

    private Stage with(Pace otherPace, Optional<Lora> otherLora, From otherFrom, Optional<Path> otherTo) {
        return new Stage(
                name,
                learn,
                eachExpert,
                data,
                batch,
                otherPace,
                optimiser,
                clip,
                precision,
                recompute,
                lossChunk,
                otherLora,
                otherFrom,
                otherTo,
                keep,
                validation,
                seed,
                ema);
    }

    /// What the stage learns from.
    ///
    /// @param mixture   a manifest file, a file of records, the name of a shipped mixture, or that of an
    ///                  [dev.aerie.train.data.ExamplesSource]
    /// @param folder    see [dev.aerie.train.data.Mixture#find]; empty if the recipe does not say
    /// @param template  of the conversations; the vocabulary's own if empty
    /// @param maxLength the longest row in positions, visual tokens included
    /// @param seed      of the order, and of samples that are made
    public record Data(
            String mixture,
            Path folder,
            Optional<String> template,
            Aspect aspect,
            int maxLength,
            Rows rows,
            Order order,
            long seed) {}

    /// How the questions of one record share a row.
    public enum Rows {
        CONVERSATION,
        INDEPENDENT_TURNS
    }

    /// In which order samples come.
    public enum Order {
        /// The reference's grouping by modality and length.
        MODALITY_LENGTH,
        SHUFFLE,
        SEQUENTIAL
    }

    /// @param global samples of one optimiser step, over all devices
    /// @param micro  samples that one device computes at a time; divides `global`
    /// @param parts  of a micro batch that are computed at once, in threads of their own
    public record BatchSize(int global, int micro, int parts) {

        public BatchSize(int global, int micro) {
            this(global, micro, 1);
        }

        /// Micro-batches that each of `devices` devices accumulates in a step.
        public int accumulation(int devices) {
            return (int) Math.max(1, Math.ceilDiv((long) global, (long) micro * devices));
        }
    }

    /// AdamW.
    public record Optimiser(double beta1, double beta2, double epsilon, double weightDecay) {}

    /// What weights and activations are in while they are computed with. Master weights and moments are float32.
    public enum Precision {
        FLOAT32(DType.F32),
        BFLOAT16(DType.BF16);

        private final DType dtype;

        Precision(DType dtype) {
            this.dtype = dtype;
        }

        public DType dtype() {
            return dtype;
        }
    }

    /// Low-rank adapters: the weight `W` of a target is frozen and `alpha / rank · B A` is learned on top of it.
    ///
    /// @param targets patterns over the names of linear layers, such as `model.layers.*_proj`
    /// @param rate    the adapters' learning rate
    public record Lora(int rank, double alpha, List<String> targets, double rate) {
        public Lora {
            targets = List.copyOf(targets);
        }

        /// Whether the parameter of this name is a target's weight.
        public boolean adapts(String parameter) {
            return parameter.endsWith(".weight")
                    && targets.stream()
                            .anyMatch(target -> new Glob(target)
                                    .matches(parameter.substring(0, parameter.length() - ".weight".length())));
        }
    }

    /// Where weights come from: a checkpoint, or parts; parts beside a checkpoint replace its own. All empty means
    /// the result of the stage before. A path that is the name of an earlier stage means that stage's result.
    ///
    /// @param experts       tower names to files or folders in their origin's format; their order is the mixture's
    /// @param language      folder of a Llama-family model
    /// @param projector     a projector file; freshly made if neither it nor a checkpoint gives one
    /// @param fresh         folder of a configuration and a tokenizer, whose language model begins anew
    /// @param projectorKind what a fresh projector is, such as `mlp2x_gelu`
    /// @param fusion        how the experts are joined, where it is not as the checkpoint's configuration says
    /// @param inputs        sides of the pictures of experts that do not take what the configuration says; CLIP's
    ///     positions are resampled
    /// @param tiling        in which tiles pictures are looked at, where it is not as the configuration says
    public record From(
            Optional<Path> checkpoint,
            Map<String, Path> experts,
            Optional<Path> language,
            Optional<Path> projector,
            Optional<Path> fresh,
            String projectorKind,
            Optional<FusionChoice> fusion,
            Map<Experts, Integer> inputs,
            Optional<TilingChoice> tiling) {

        /// What a fresh projector is where nothing is said.
        public static final String MLP = "mlp2x_gelu";

        /// One that joins the experts as the configuration says.
        public From(
                Optional<Path> checkpoint,
                Map<String, Path> experts,
                Optional<Path> language,
                Optional<Path> projector,
                Optional<Path> fresh,
                String projectorKind) {
            this(
                    checkpoint,
                    experts,
                    language,
                    projector,
                    fresh,
                    projectorKind,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty());
        }

        public From {
            experts = Collections.unmodifiableMap(new LinkedHashMap<>(experts));
            inputs = Map.copyOf(inputs);
        }

        /// Whether it is the result of the stage before.
        public boolean isPrevious() {
            return checkpoint.isEmpty()
                    && experts.isEmpty()
                    && language.isEmpty()
                    && projector.isEmpty()
                    && fresh.isEmpty();
        }

        /// The same with the whole result of an earlier stage.
        public From after(Path result) {
            return new From(
                    Optional.of(result),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    projectorKind,
                    fusion,
                    inputs,
                    tiling);
        }

        /// The same with the experts that runs of an earlier stage trained, each for one. They look at pictures of the
        /// sizes that they were trained with, beside the language model that they were trained with.
        ///
        /// @param results by tower
        /// @param before  where that stage began
        public From after(Map<String, Path> results, From before) {
            var sides = new EnumMap<Experts, Integer>(Experts.class);
            sides.putAll(before.inputs);
            sides.putAll(inputs);
            return new From(
                    Optional.empty(),
                    results,
                    before.language.or(before::checkpoint),
                    Optional.empty(),
                    before.fresh,
                    projectorKind,
                    fusion,
                    sides,
                    tiling.or(before::tiling));
        }

        /// The same with other experts.
        public From withExperts(Map<String, Path> others) {
            return new From(checkpoint, others, language, projector, fresh, projectorKind, fusion, inputs, tiling);
        }

        /// The same with every path changed.
        ///
        /// @param change of a path; the tower is given where it is an expert's
        public From map(BiFunction<Path, Optional<String>, Path> change) {
            var moved = new LinkedHashMap<String, Path>();
            experts.forEach((tower, path) -> moved.put(tower, change.apply(path, Optional.of(tower))));
            return new From(
                    checkpoint.map(path -> change.apply(path, Optional.empty())),
                    moved,
                    language.map(path -> change.apply(path, Optional.empty())),
                    projector.map(path -> change.apply(path, Optional.empty())),
                    fresh.map(path -> change.apply(path, Optional.empty())),
                    projectorKind,
                    fusion,
                    inputs,
                    tiling);
        }

        /// The tower string of `experts`.
        public String towers() {
            return String.join(";", experts.keySet());
        }
    }

    /// Which checkpoints of a run are kept.
    ///
    /// @param last  how many of the newest
    /// @param best  and the one with the lowest validation loss; with the most exact answers where no
    /// loss is taken
    /// @param every steps from one to the next
    /// @param exportsBest whether the result is the best one, and not the last
    public record Keep(int last, boolean best, int every, boolean exportsBest) {}

    /// @param mixture   held-out data, as in [Data]
    /// @param every     steps from one validation to the next
    /// @param count     samples at most
    /// @param maxLength the longest row where it is not that of [Data]
    public record Validation(String mixture, Path folder, int every, int count, OptionalInt maxLength) {}

    /// One run of a stage.
    ///
    /// @param name   the stage's, or `STAGE/TOWER`
    /// @param config of the model that is trained
    /// @param tower  the only expert, where each has a run of its own
    public record Run(String name, Stage stage, EagleConfig config, Optional<String> tower) {}

    /// The runs of this stage on a model: one, or one for each expert of the mixture.
    public List<Run> runs(EagleConfig config) {
        if (!eachExpert || !config.isMixture()) {
            return List.of(new Run(name, this, config, Optional.empty()));
        }
        return Arrays.stream(config.towers().split(";"))
                .map(String::strip)
                .map(tower -> new Run(name + "/" + tower, this, config.withTowers(tower), Optional.of(tower)))
                .toList();
    }

    /// A constant as recipes write it: `independent-turns`.
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.aerie.lab.eaglet;

import dev.aerie.lab.pretrain.Agreement;
import dev.aerie.lab.pretrain.Contrast;
import dev.aerie.lab.pretrain.Detection;
import dev.aerie.lab.pretrain.ExpertEye;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.pretrain.Segmentation;
import dev.aerie.lab.pretrain.Spotting;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Setting;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.vision.Experts;
import dev.aerie.vision.VisionExpert;
import dev.aerie.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which task each expert of the miniature learns alone, and for how long. The tasks stand for those of the published
/// experts: contrast with captions (CLIP, ConvNeXt, EVA-CLIP, InternViT), masks (SAM), detection (EVA-02),
/// reading (Pix2Struct), self-supervision (DINOv2).
///
/// @param steps of the run at full length
public record Schooling(Experts kind, long steps, int batch, double rate) {

    private static final String HEAD = "head_of_task";

    /// What an expert learns, and for how long at full length.
    public static Schooling of(Experts kind) {
        return switch (kind) {
            case CLIP -> new Schooling(kind, 600, 128, 1e-3);
            case CONVNEXT -> new Schooling(kind, 600, 128, 1e-3);
            case SAM -> new Schooling(kind, 400, 64, 1e-3);
            case DET -> new Schooling(kind, 700, 64, 1e-3);
            case PIX2STRUCT -> new Schooling(kind, 2200, 64, 1e-3);
            case DINOV2 -> new Schooling(kind, 500, 64, 1e-3);
            case EVA_CLIP, INTERNVIT -> new Schooling(kind, 600, 128, 1e-3);
            default -> throw Miniature.unknown(kind);
        };
    }

    /// The same for a cell of a study: until the expert is of use, not until it is good.
    public static Schooling brief(Experts kind) {
        return switch (kind) {
            case CLIP -> new Schooling(kind, 400, 64, 1e-3);
            case CONVNEXT -> new Schooling(kind, 400, 64, 1e-3);
            case SAM -> new Schooling(kind, 300, 32, 1e-3);
            case DET -> new Schooling(kind, 500, 32, 1e-3);
            case PIX2STRUCT -> new Schooling(kind, 1600, 32, 1e-3);
            case DINOV2 -> new Schooling(kind, 300, 32, 1e-3);
            case EVA_CLIP, INTERNVIT -> new Schooling(kind, 400, 64, 1e-3);
            default -> throw Miniature.unknown(kind);
        };
    }

    /// The same for a share of its steps.
    public Schooling times(double share) {
        return new Schooling(kind, Math.max(2, Math.round(steps * share)), batch, rate);
    }

    public Pretraining.Settings settings(Setting setting, long run, long keepEvery) {
        return new Pretraining.Settings(setting, run, steps, batch, rate, keepEvery);
    }

    /// The task over an expert made from the same source.
    ///
    /// @param sizes of the expert
    public Task task(Miniature sizes, ParameterSource source, Tokenizer tokenizer, DType precision) {
        return task(sizes.expert(kind, source), source, tokenizer, precision);
    }

    /// The same over any expert.
    ///
    /// @param source of the head's weights
    public Task task(VisionExpert expert, ParameterSource source, Tokenizer tokenizer, DType precision) {
        var head = source.at(HEAD);
        return switch (kind) {
            case CLIP, CONVNEXT, EVA_CLIP, INTERNVIT ->
                new Contrast(expert, head, precision, tokenizer.size(), tokenizer::encode);
            case SAM -> new Segmentation(ExpertEye.of(expert, precision), head);
            case DET -> new Detection(ExpertEye.of(expert, precision), head);
            case PIX2STRUCT -> new Spotting(ExpertEye.of(expert, precision), head);
            case DINOV2 -> new Agreement(expert, head, precision);
            default -> throw Miniature.unknown(kind);
        };
    }

    /// The expert learns from the newest snapshot to the last step; its weights become one file, those of its task's
    /// head another beside it, see [#head].
    ///
    /// @param sizes     of the expert
    /// @param snapshots folder for what is needed to go on
    /// @param report    of a task, hears of its steps
    public void run(
            Miniature sizes,
            Pretraining.Settings settings,
            Tokenizer tokenizer,
            DType precision,
            Path snapshots,
            Path result,
            Function<Task, Pretraining.Listener> report) {
        Pretraining.learn(
                settings,
                kind.ordinal(),
                precision,
                snapshots,
                source -> task(sizes, source, tokenizer, precision),
                report,
                (parameters, _) -> write(result, parameters));
    }

    /// Writes the expert, and the head of its task beside it, see [#head].
    public static void write(Path file, Parameters parameters) {
        var parts = parameters.contents(DType.F32, Map.of()).stream()
                .collect(Collectors.partitioningBy(tensor -> isHead(tensor.name())));
        SafetensorsWriter.write(head(file), Objects.requireNonNull(parts.get(true)), Map.of("format", "pt"));
        SafetensorsWriter.write(file, Objects.requireNonNull(parts.get(false)), Map.of("format", "pt"));
    }

    /// Where the head lies that an expert learned its own task with: `NAME.head.safetensors` beside `NAME.safetensors`.
    public static Path head(Path expert) {
        var name = String.valueOf(expert.getFileName());
        int end = name.lastIndexOf('.');
        return expert.resolveSibling(end < 0 ? name + ".head" : name.substring(0, end) + ".head" + name.substring(end));
    }

    /// A source at the names of the head of an expert that these weights were written beside.
    public static ParameterSource head(ParameterSource weights) {
        return weights.at(HEAD);
    }

    /// Whether a parameter belongs to the task and not to the expert.
    public static boolean isHead(String parameter) {
        return parameter.startsWith(HEAD + ".");
    }
}

package dev.aerie.lab.eaglet;

import dev.aerie.lab.pretrain.Agreement;
import dev.aerie.lab.pretrain.Contrast;
import dev.aerie.lab.pretrain.Detection;
import dev.aerie.lab.pretrain.Eye;
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
import java.util.function.Function;

/// Which task each expert of the miniature learns alone, and for how long. The tasks stand for those of the published
/// experts: contrast with captions (CLIP, ConvNeXt), masks (SAM), detection (EVA-02), reading (Pix2Struct),
/// self-supervision (DINOv2).
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
            case CLIP, CONVNEXT -> new Contrast(expert, head, precision, tokenizer.size(), tokenizer::encode);
            case SAM -> new Segmentation(Eye.of(expert, precision), head);
            case DET -> new Detection(Eye.of(expert, precision), head);
            case PIX2STRUCT -> new Spotting(Eye.of(expert, precision), head);
            case DINOV2 -> new Agreement(expert, head, precision);
            default -> throw Miniature.unknown(kind);
        };
    }

    /// The expert learns from the newest snapshot to the last step; its weights become one file.
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

    /// Writes the expert without the head of its task.
    public static void write(Path file, Parameters parameters) {
        var own = parameters.contents(DType.F32, Map.of()).stream()
                .filter(tensor -> !isHead(tensor.name()))
                .toList();
        SafetensorsWriter.write(file, own, Map.of("format", "pt"));
    }

    /// Whether a parameter belongs to the task and not to the expert.
    public static boolean isHead(String parameter) {
        return parameter.startsWith(HEAD + ".");
    }
}

package dev.aerie.train.start;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.Renamed;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// One part's weights in the file in which its authors released them, under the names that the model uses.
///
/// Files hold a part below different prefixes (`visual.trunk.` in OpenCLIP's, `visual.` in EVA-CLIP's, `vision_model.`
/// in InternVL's, `ema_state.backbone.net.` or
/// `module.backbone.net.` in EVA-02's detectors, `vision_encoder.` in SAM's, `encoder.` in Pix2Struct's): the prefix
/// is found by a name that the part is sure to have.
public final class Origin implements Overlay, AutoCloseable {

    /// Below which a mixture's experts have their numbers.
    private static final String PLACES = "vision_towers.";

    private static final Pattern CONVNEXT_SCALE = Pattern.compile("(blocks\\.\\d+)\\.weight$");

    private final CheckpointSource file;
    private final ParameterSource named;

    private Origin(CheckpointSource file, UnaryOperator<String> names) {
        this(file, new Renamed(file, names));
    }

    private Origin(CheckpointSource file, ParameterSource named) {
        this.file = file;
        this.named = named;
    }

    /// An expert from the checkpoint of its origin, or from a file of its own.
    public static Origin expert(Experts kind, Path path) {
        var checkpoint = Checkpoint.open(path);
        try {
            var prefix = prefix(checkpoint, kind, path);
            var file = new CheckpointSource(checkpoint);
            if (kind == Experts.EVA_CLIP) {
                return new Origin(file, EvaClip.named(new Renamed(file, name -> prefix + name)));
            }
            boolean gamma = checkpoint.names().stream().anyMatch(name -> name.endsWith(".gamma"));
            return new Origin(
                    file,
                    kind == Experts.CONVNEXT && gamma
                            ? name -> prefix + CONVNEXT_SCALE.matcher(name).replaceFirst("$1.gamma")
                            : name -> prefix + name);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /// A projector file of stage 1 (`mm_projector.bin`), or the projector of a whole checkpoint.
    public static Origin projector(Path path) {
        var checkpoint = Checkpoint.open(path);
        try {
            var first = checkpoint.names().stream()
                    .filter(name -> name.contains("mm_projector."))
                    .findFirst()
                    .orElseThrow(() -> missing(path, "the projector", "mm_projector.0.weight"));
            var prefix = first.substring(0, first.indexOf("mm_projector.") + "mm_projector.".length());
            return new Origin(new CheckpointSource(checkpoint), name -> prefix + name);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /// The fusion of a whole checkpoint, or of the file of stage 1 that holds it beside its projector.
    public static Origin fusion(Path path) {
        return new Origin(new CheckpointSource(Checkpoint.open(path)), name -> name);
    }

    /// A name that every checkpoint of an expert holds.
    private static String probe(Experts kind) {
        return switch (kind) {
            case CLIP -> "vision_model.embeddings.class_embedding";
            case CONVNEXT -> "stem.0.weight";
            case SAM -> "patch_embed.projection.weight";
            case DET, EVA_CLIP -> "patch_embed.proj.weight";
            case PIX2STRUCT -> "embeddings.patch_projection.weight";
            case DINOV2 -> "embeddings.patch_embeddings.projection.weight";
            case SIGLIP -> "vision_model.embeddings.patch_embedding.weight";
            case INTERNVIT -> "encoder.layers.0.ls1";
        };
    }

    /// Of several copies the averaged one (`ema_state`) is taken, else that of `module`, as the reference does,
    /// else the one nearest to the root.
    private static String prefix(Checkpoint checkpoint, Experts kind, Path path) {
        var probe = probe(kind);
        var place = checkpoint.names().stream().anyMatch(name -> name.contains(PLACES)) ? place(kind, path) : "";
        return checkpoint.names().stream()
                .filter(name -> name.equals(probe) || name.endsWith("." + probe))
                .map(name -> name.substring(0, name.length() - probe.length()))
                .filter(prefix -> prefix.contains(place))
                .min(Comparator.comparing((String prefix) -> !prefix.startsWith("ema_state."))
                        .thenComparing(prefix -> !prefix.startsWith("module."))
                        .thenComparing(String::length))
                .orElseThrow(() -> missing(path, kind.tower(), probe));
    }

    /// Which of a mixture's experts it is, as its configuration says: some have names in common.
    private static String place(Experts kind, Path path) {
        var config = EagleConfig.open(Files.isDirectory(path) ? path : path.resolveSibling(""));
        int place = config.isMixture() ? Experts.parse(config.towers()).indexOf(kind) : -1;
        if (place < 0) {
            throw new AerieException("cannot start " + kind.tower() + " from " + path + ": the mixture there has "
                    + (config.towers().isEmpty() ? "no experts" : config.towers())
                    + " (mm_vision_tower in config.json)");
        }
        return PLACES + place + ".";
    }

    private static AerieException missing(Path path, String part, String probe) {
        return new AerieException("cannot start " + part + " from " + path + ": it has no tensor …" + probe
                + "; name the checkpoint in which its authors released it");
    }

    @Override
    public ParameterSource under() {
        return named;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return named.parameter(name, shape);
    }

    @Override
    public void close() {
        file.close();
    }
}

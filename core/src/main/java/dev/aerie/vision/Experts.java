package dev.aerie.vision;

import dev.aerie.AerieException;
import dev.aerie.nn.ParameterSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The registry: what a name in a tower string such as `clip-448;convnext-1024` stands for. A new expert is one line.
///
/// Each is made with the sizes that the checkpoint holds, or with the published ones where nothing is stored.
public enum Experts {
    CLIP("clip-448", 336, (source, input) -> {
        var vision = source.at("vision_model");
        return new Clip(vision, Clip.Size.orLarge(vision), Clip.Form.MIXTURE, input);
    }),
    CONVNEXT(
            "convnext-1024",
            1024,
            (source, input) ->
                    new ConvNext(source, source.isStored() ? ConvNext.Size.of(source) : ConvNext.Size.XXLARGE, input)),
    SAM("sam-1024", 1024, (source, input) -> new Sam(source, source.isStored() ? Sam.Size.of(source) : Sam.Size.LARGE)),
    DET(
            "det-1024",
            1024,
            (source, input) -> new Eva02(source, source.isStored() ? Eva02.Size.of(source) : Eva02.Size.LARGE, input)),
    PIX2STRUCT(
            "pix2struct-1024",
            1024,
            (source, input) -> new Pix2Struct(
                    source, source.isStored() ? Pix2Struct.Size.of(source) : Pix2Struct.Size.LARGE, input)),
    DINOV2(
            "dinov2-448",
            448,
            (source, input) ->
                    new DinoV2(source, source.isStored() ? DinoV2.Size.of(source) : DinoV2.Size.LARGE, input)),
    SIGLIP("siglip-384", 384, (source, input) -> {
        var vision = source.at("vision_model");
        var size = source.isStored() ? SigLip.Size.of(vision) : SigLip.Size.SO400M_384;
        return new Renormalised(new SigLip(vision, size, input));
    }),
    EVA_CLIP(
            "eva-clip-336",
            336,
            (source, input) ->
                    new EvaClip(source, source.isStored() ? EvaClip.Size.of(source) : EvaClip.Size.LARGE_336, input)),
    INTERNVIT(
            "internvit-448",
            448,
            (source, input) -> new InternVit(
                    source, source.isStored() ? InternVit.Size.of(source) : InternVit.Size.SMALL_448, input));

    /// Makes an expert from its parameters for pictures of side `input`.
    @FunctionalInterface
    public interface Maker {
        VisionExpert make(ParameterSource source, int input);
    }

    private final String tower;
    private final int input;
    private final Maker maker;

    Experts(String tower, int input, Maker maker) {
        this.tower = tower;
        this.input = input;
        this.maker = maker;
    }

    /// Its name in tower strings.
    public String tower() {
        return tower;
    }

    /// Side of the pictures it gets in the reference's mixture: for CLIP 336, although the name says 448 (Eagle §4.1).
    public int input() {
        return input;
    }

    public VisionExpert make(ParameterSource source, int input) {
        return maker.make(source, input);
    }

    /// The experts of a tower string, in its order.
    public static List<Experts> parse(String towers) {
        return Arrays.stream(towers.split(";"))
                .map(String::strip)
                .map(Experts::named)
                .toList();
    }

    private static Experts named(String tower) {
        for (var expert : values()) {
            if (expert.tower.equals(tower)) {
                return expert;
            }
        }
        var known = Arrays.stream(values()).map(Experts::tower).collect(Collectors.joining(", "));
        throw new AerieException("unknown vision expert '" + tower + "': known are " + known);
    }
}

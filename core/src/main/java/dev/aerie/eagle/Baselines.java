package dev.aerie.eagle;

import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.FusionSetting;
import dev.aerie.fusion.Fusions;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.Renamed;
import dev.aerie.tensor.Interpolation;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.VisionExpert;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The vision parts of the models that Eagle is compared with, by the names of their authors' checkpoints.
final class Baselines {

    /// timm calls ConvNeXt's layer scale `gamma`, the released mixtures `weight`.
    private static final Pattern SCALE = Pattern.compile("(blocks\\.\\d+)\\.weight$");

    /// Where LLaVA and Mini-Gemini have their CLIP, below the model.
    static final String CLIP = "vision_tower.vision_tower.vision_model";

    private static final String FIRST_SCALE = "stages.0.blocks.0.gamma";

    private Baselines() {}

    static Mixture llavaHr(ParameterSource model, EagleConfig config, Layout.LlavaHr layout, DecoderShape decoder) {
        var tower = model.at("vision_tower");
        var fast = tower.at("fast_vision_tower.vision_tower.vision_model");
        var clip = new Clip(fast, Clip.Size.orLarge(fast), Clip.Form.MIXTURE, layout.fast());
        var slow = convNext(tower.at("slow_vision_tower.vision_tower"), layout.input(), layout.epsilon());
        var scalar = tower.stored("align_stages_latent.0.gate.2.bias")
                .map(shape -> shape[0] == 1)
                .orElse(true);
        var choice = new FusionChoice(
                scalar ? Fusions.LLAVA_HR : Fusions.LLAVA_HR_CHANNEL,
                layout.frozen() ? Map.of("adapters", 0) : Map.of());
        return mixture(model, config, decoder, layout.input(), choice, Interpolation.BILINEAR_ALIGNED, clip, slow);
    }

    static Mixture miniGemini(
            ParameterSource model, EagleConfig config, Layout.MiniGemini layout, DecoderShape decoder) {
        var size = Clip.Size.orLarge(model.at(CLIP));
        var clip = new Clip(model.at(CLIP), size, Clip.Form.LLAVA, size.pixels());
        var aux = convNext(model.at("vision_tower_aux"), layout.input(), layout.epsilon());
        var choice = new FusionChoice(Fusions.MINI_GEMINI, Map.of());
        return mixture(model, config, decoder, layout.input(), choice, Interpolation.BILINEAR, clip, aux);
    }

    private static Mixture mixture(
            ParameterSource model,
            EagleConfig config,
            DecoderShape decoder,
            int input,
            FusionChoice choice,
            Interpolation resize,
            VisionExpert leader,
            VisionExpert other) {
        var specs = List.of(leader.spec(), other.spec());
        var shape = new Mixture.Shape(input, leader.spec().grid(), Map.of(), choice);
        var fusion = Fusions.make(model, new FusionSetting(specs, shape.grid(), config.projector(), decoder), choice);
        return new Mixture(shape, List.of(leader, other), fusion, resize);
    }

    private static ConvNext convNext(ParameterSource stored, int input, double epsilon) {
        ParameterSource source = stored.stored(FIRST_SCALE).isPresent()
                ? new Renamed(stored, name -> SCALE.matcher(name).replaceFirst("$1.gamma"))
                : stored;
        var size = source.isStored() ? ConvNext.Size.of(source) : ConvNext.Size.XXLARGE;
        return new ConvNext(source, size, input, epsilon);
    }
}

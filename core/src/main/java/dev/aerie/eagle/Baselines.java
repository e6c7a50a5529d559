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

    private static final String FIRST_SCALE = "stages.0.blocks.0.gamma";

    private Baselines() {}

    static Mixture llavaHr(ParameterSource model, EagleConfig config, Layout.LlavaHr layout, DecoderShape decoder) {
        var tower = model.at("vision_tower");
        var clip = clip(tower.at("fast_vision_tower.vision_tower.vision_model"), Clip.Form.MIXTURE, layout.fast());
        var slow = convNext(tower.at("slow_vision_tower.vision_tower"), layout.input(), layout.epsilon());
        var scalar = tower.stored("align_stages_latent.0.gate.2.bias")
                .map(shape -> shape[0] == 1)
                .orElse(true);
        var method = scalar ? Fusions.LLAVA_HR : Fusions.LLAVA_HR_CHANNEL;
        return mixture(model, config, decoder, layout.input(), method, Interpolation.BILINEAR_ALIGNED, clip, slow);
    }

    static Mixture miniGemini(
            ParameterSource model, EagleConfig config, Layout.MiniGemini layout, DecoderShape decoder) {
        var clip = clip(model.at("vision_tower.vision_tower.vision_model"), Clip.Form.LLAVA, EagleModel.CLIP_INPUT);
        var aux = convNext(model.at("vision_tower_aux"), layout.input(), layout.epsilon());
        return mixture(model, config, decoder, layout.input(), Fusions.MINI_GEMINI, Interpolation.BILINEAR, clip, aux);
    }

    private static Mixture mixture(
            ParameterSource model,
            EagleConfig config,
            DecoderShape decoder,
            int input,
            Fusions method,
            Interpolation resize,
            VisionExpert leader,
            VisionExpert other) {
        var specs = List.of(leader.spec(), other.spec());
        var choice = new FusionChoice(method, Map.of());
        var shape = new Mixture.Shape(input, leader.spec().grid(), Map.of(), choice);
        var fusion = Fusions.make(model, new FusionSetting(specs, shape.grid(), config.projector(), decoder), choice);
        return new Mixture(shape, List.of(leader, other), fusion, resize);
    }

    static Clip clip(ParameterSource source, Clip.Form form, int input) {
        return new Clip(source, source.isStored() ? Clip.Size.of(source) : Clip.Size.LARGE_336, form, input);
    }

    private static ConvNext convNext(ParameterSource stored, int input, double epsilon) {
        ParameterSource source = stored.stored(FIRST_SCALE).isPresent()
                ? new Renamed(stored, name -> SCALE.matcher(name).replaceFirst("$1.gamma"))
                : stored;
        var size = source.isStored() ? ConvNext.Size.of(source) : ConvNext.Size.XXLARGE;
        return new ConvNext(source, size, input, epsilon);
    }
}

package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Flamingo's fusion: a Perceiver resampler gathers what the experts see, and layers of cross-attention before every
/// few layers of the decoder let each position look at the last picture before it ([GatedCrossAttention]). In the row
/// stands one learned token for a picture.
final class Flamingo implements Fusion {

    /// `every` is the distance of the decoder's layers that a cross-attention layer stands before, the first among
    /// them.
    static final Map<String, Integer> SIZES =
            Map.of("latents", 64, "width", 1024, "layers", 6, "heads", 16, "mlp", 4096, "every", 4);

    private final FusionSpec spec;
    private final int every;
    private final ExpertTokens experts;
    private final PerceiverResampler resampler;
    private final Tensor token;
    private final List<GatedCrossAttention> layers = new ArrayList<>();

    Flamingo(ParameterSource model, FusionSetting setting, FusionChoice choice) {
        every = choice.size("every");
        int width = choice.size("width");
        var decoder = setting.decoder();
        var counted = new Counted(model);
        experts = new ExpertTokens(counted, setting.experts(), width);
        resampler = new PerceiverResampler(counted.at("perceiver_resampler"), Resampling.perceiverSize(choice));
        token = counted.parameter("picture_token", Beginning.normal(0.02), 1, 1, decoder.hidden());
        for (int layer = 0; layer < decoder.layers(); layer += every) {
            layers.add(new GatedCrossAttention(
                    counted.at("gated_cross_attn_layers").at(layers.size()), decoder, width));
        }
        int latents = resampler.tokens();
        spec = new FusionSpec(
                setting.experts().size(),
                1,
                decoder.hidden(),
                true,
                counted.parameters(),
                new FusionSpec.Work(
                        experts.flops(width) + resampler.flops(experts.count()),
                        layers.size() * GatedCrossAttention.flops(decoder, width, latents, 0),
                        layers.size() * GatedCrossAttention.flops(decoder, 0, latents, 1)));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        var picture = between.share(resampler.apply(experts.of(maps))); // [B, latents, width]
        return new Seen(token.to(picture.dtype()).expand(picture.size(0), -1, -1), List.of(picture));
    }

    @Override
    public Beside beside(Places places, List<Tensor> beside) {
        return start -> new Between() {
            @Override
            public Tensor before(int layer, Tensor hidden) {
                if (layer % every != 0) {
                    return hidden;
                }
                var gated = layers.get(layer / every);
                return gated.think(places.onFollowing(
                        hidden,
                        start,
                        (part, picture) -> picture < 0
                                ? part
                                : gated.look(part, beside.getFirst().narrow(0, picture, 1))));
            }

            @Override
            public Tensor after(int layer, Tensor hidden) {
                return hidden;
            }
        };
    }
}

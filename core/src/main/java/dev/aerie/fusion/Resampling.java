package dev.aerie.fusion;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;
import java.util.List;
import java.util.Map;

/// A few learned queries gather what all experts see: through a Q-Former, as BRAVE and BLIP-2 do, or through a
/// Perceiver resampler, as Flamingo and Prismer do.
final class Resampling implements Fusion {

    /// BLIP-2's, and BRAVE's width of the experts' tokens.
    static final Map<String, Integer> Q_FORMER =
            Map.of("queries", 32, "width", 768, "layers", 12, "heads", 12, "mlp", 3072, "every", 2, "encoder", 1408);

    static final Map<String, Integer> PERCEIVER =
            Map.of("latents", 64, "width", 1024, "layers", 6, "heads", 16, "mlp", 4096);

    private final FusionSpec spec;
    private final ExpertTokens tokens;
    private final Resampler resampler;

    private Resampling(
            Counted model, FusionSetting setting, ExpertTokens tokens, Resampler resampler, int in, int out) {
        this.tokens = tokens;
        this.resampler = resampler;
        spec = new FusionSpec(
                setting.experts().size(),
                resampler.tokens(),
                out,
                false,
                model.parameters(),
                FusionSpec.Work.before(tokens.flops(in) + resampler.flops(tokens.count())));
    }

    static Resampling qFormer(ParameterSource model, FusionSetting setting, FusionChoice choice) {
        var counted = new Counted(model);
        var size = new QFormer.Size(
                choice.size("width"),
                choice.size("encoder"),
                choice.size("layers"),
                choice.size("heads"),
                choice.size("mlp"),
                choice.size("every"));
        choice.requireHeads(size.width(), size.heads());
        int count = choice.size("queries");
        var tokens = new ExpertTokens(counted, setting.experts(), size.encoder());
        var queries = counted.parameter("query_tokens", Beginning.normal(0.02), 1, count, size.width());
        var former = new QFormer(counted.at("qformer"), size);
        var resampler = new Resampler() {
            @Override
            public Tensor apply(Tensor x) {
                return former.apply(queries.to(x.dtype()).expand(x.size(0), -1, -1), x);
            }

            @Override
            public int tokens() {
                return count;
            }

            @Override
            public double flops(double seen) {
                return former.flops(count, seen);
            }
        };
        return new Resampling(counted, setting, tokens, resampler, size.encoder(), size.width());
    }

    static Resampling perceiver(ParameterSource model, FusionSetting setting, FusionChoice choice) {
        var counted = new Counted(model);
        int width = choice.size("width");
        var tokens = new ExpertTokens(counted, setting.experts(), width);
        var resampler = new PerceiverResampler(counted.at("perceiver_resampler"), perceiverSize(choice));
        return new Resampling(counted, setting, tokens, resampler, width, width);
    }

    static PerceiverResampler.Size perceiverSize(FusionChoice choice) {
        int width = choice.size("width");
        int heads = choice.size("heads");
        choice.requireHeads(width, heads);
        return new PerceiverResampler.Size(
                width, choice.size("latents"), choice.size("layers"), heads, width / heads, choice.size("mlp"));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        return Seen.of(resampler.apply(tokens.of(maps)));
    }
}

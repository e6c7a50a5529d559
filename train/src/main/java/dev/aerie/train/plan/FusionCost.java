package dev.aerie.train.plan;

import dev.aerie.bench.Work;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.nn.Manifest;
import dev.aerie.tensor.DType;

/// What a way to join experts takes in an answer about one picture, up to the first word.
///
/// @param tokens     visual tokens in the decoder's row
/// @param parameters of fusion and projector
/// @param encode     operations from pixels to visual tokens, 2 per multiply-add
/// @param prefill    operations of the prompt in the decoder, what the fusion does there among them
public record FusionCost(int tokens, long parameters, double encode, double prefill) {

    /// @param words of the prompt beside the picture's tokens
    public static FusionCost of(EagleConfig config, int words) {
        var model = ModelShape.of(config, DType.BF16);
        int row = words + model.tokens();
        var work = model.fusion().work();
        double inside = work.decoder() + row * work.position();
        double experts = model.encoders().keySet().stream()
                .mapToDouble(part -> model.flops(part, row))
                .sum();
        long parameters = model.entries().stream()
                .filter(entry -> model.part(entry).equals("projector"))
                .mapToLong(Manifest.Entry::elements)
                .sum();
        return new FusionCost(
                model.tokens(),
                parameters,
                experts + model.flops("projector", row) - inside,
                Work.prefill(config.language(), row) + inside);
    }

    /// Seconds that it takes where another took so long, for operations of the same kinds.
    ///
    /// @param encode  seconds of the other's
    /// @param prefill seconds of the other's
    public double seconds(FusionCost other, double encode, double prefill) {
        return encode * this.encode / other.encode + prefill * this.prefill / other.prefill;
    }
}

package dev.aerie.train.plan;

import dev.aerie.bench.Blocks;
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
/// @param attention  those of `prefill` in which the prompt's tokens look at each other
public record FusionCost(int tokens, long parameters, double encode, double prefill, double attention) {

    /// Seconds of one operation of a decoder: products are faster than attention, which is computed in float32.
    public record Pace(double product, double attention) {

        /// From the seconds that a decoder took for two rows.
        ///
        /// @param rows    the decoder's blocks for each
        /// @param seconds of each
        public static Pace of(Blocks[] rows, double[] seconds) {
            double[] products = new double[2];
            double[] attention = new double[2];
            for (int i = 0; i < 2; i++) {
                products[i] = rows[i].count() * (rows[i].flops() - rows[i].attention());
                attention[i] = rows[i].count() * rows[i].attention();
            }
            double determinant = products[0] * attention[1] - products[1] * attention[0];
            return new Pace(
                    (seconds[0] * attention[1] - seconds[1] * attention[0]) / determinant,
                    (products[0] * seconds[1] - products[1] * seconds[0]) / determinant);
        }
    }

    /// @param words of the prompt beside the picture's tokens
    public static FusionCost of(EagleConfig config, int words) {
        var model = ModelShape.of(config, DType.BF16);
        int row = words + model.tokens();
        var work = model.fusion().work();
        var layers = Work.decoder(config.language(), row);
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
                Work.prefill(config.language(), row) + inside,
                layers.count() * layers.attention());
    }

    /// Seconds that it takes.
    ///
    /// @param other  another way
    /// @param encode seconds of the other's, from pixels to visual tokens
    /// @param pace   of the decoder
    public double seconds(FusionCost other, double encode, Pace pace) {
        return encode * this.encode / other.encode + pace.product * (prefill - attention) + pace.attention * attention;
    }
}

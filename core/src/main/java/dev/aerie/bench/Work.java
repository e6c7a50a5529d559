package dev.aerie.bench;

import dev.aerie.fusion.ChannelConcat;
import dev.aerie.language.LlamaConfig;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.Experts;
import dev.aerie.vision.PatchSequence;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;

/// Floating-point operations of the parts at their published sizes: products and convolutions only, 2 per
/// multiply-add.
final class Work {

    private Work() {}

    /// One picture through an expert.
    static double expert(Experts expert, int input) {
        return switch (expert) {
            case CLIP -> {
                var size = Clip.Size.LARGE_336;
                double n = square(input / size.patch());
                yield 2 * n * size.patch() * size.patch() * 3 * size.width()
                        + size.layers() * transformer(n, size.width(), 2 * size.mlp(), n);
            }
            case CONVNEXT -> convNext(ConvNext.Size.XXLARGE, input);
            case SAM -> {
                var size = Sam.Size.LARGE;
                double n = square(size.positions());
                double padded = square(Math.ceilDiv(size.positions(), size.window()) * size.window());
                int global = size.global().size();
                yield 2 * n * size.width() * (size.patch() * size.patch() * 3 + size.neck())
                        + global * transformer(n, size.width(), 2 * size.mlp(), n)
                        + (size.layers() - global)
                                * windowed(n, padded, size.width(), 2 * size.mlp(), square(size.window()));
            }
            case DET -> {
                var size = Eva02.Size.LARGE;
                double n = square(input / size.patch());
                int global = size.layers() / size.everyGlobal();
                yield 2 * n * size.width() * size.patch() * size.patch() * 3
                        + global * transformer(n, size.width(), 3 * size.mlp(), n)
                        + (size.layers() - global)
                                * transformer(n, size.width(), 3 * size.mlp(), square(size.window()));
            }
            case PIX2STRUCT -> {
                var size = Pix2Struct.Size.LARGE;
                double n = square(PatchSequence.of(input, input).rows());
                yield 2 * n * PatchSequence.VALUES * size.width()
                        + size.layers() * transformer(n, size.width(), 3 * size.mlp(), n);
            }
            case DINOV2, SIGLIP -> 0;
        };
    }

    private static double square(double side) {
        return side * side;
    }

    /// A block over n tokens, each of which attends to `seen`; `mlp` is the sum of the MLP's hidden widths.
    private static double transformer(double n, double width, double mlp, double seen) {
        return windowed(n, n, width, mlp, seen);
    }

    /// The same with attention over `padded` tokens.
    private static double windowed(double n, double padded, double width, double mlp, double seen) {
        return 2 * padded * 4 * width * width + 2 * n * width * mlp + 4 * padded * seen * width;
    }

    private static double convNext(ConvNext.Size size, int input) {
        double side = input / 4.0;
        double work = 2 * side * side * 48 * size.widths().getFirst();
        for (int i = 0; i < size.widths().size(); i++) {
            double width = size.widths().get(i);
            if (i > 0) {
                side /= 2;
                work += 2 * side * side * 4 * size.widths().get(i - 1) * width;
            }
            work += size.depths().get(i) * 2 * side * side * (49 * width + 8 * width * width);
        }
        return work;
    }

    static double projector(ChannelConcat fusion, int hidden) {
        return 2.0 * fusion.tokens() * hidden * (fusion.channels() + (double) hidden);
    }

    /// A prompt of `tokens` tokens through the decoder, without the output layer.
    static double prefill(LlamaConfig config, int tokens) {
        return config.layers()
                * (2.0 * tokens * layerParameters(config)
                        + 2.0 * tokens * tokens * config.heads() * config.headWidth()); // causal: half of 4·T²·C
    }

    /// Weights of one decoder layer's products.
    static double layerParameters(LlamaConfig config) {
        double queries = (double) config.heads() * config.headWidth();
        double keys = (double) config.kvHeads() * config.headWidth();
        return config.hidden() * (2 * queries + 2 * keys + 3.0 * config.mlp());
    }
}

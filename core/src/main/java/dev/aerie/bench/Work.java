package dev.aerie.bench;

import dev.aerie.fusion.FusionSpec;
import dev.aerie.language.LlamaConfig;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.vision.Clip;
import dev.aerie.vision.ConvNext;
import dev.aerie.vision.DinoV2;
import dev.aerie.vision.Eva02;
import dev.aerie.vision.EvaClip;
import dev.aerie.vision.Experts;
import dev.aerie.vision.InternVit;
import dev.aerie.vision.PatchSequence;
import dev.aerie.vision.Pix2Struct;
import dev.aerie.vision.Sam;
import dev.aerie.vision.SigLip;
import java.util.ArrayList;
import java.util.List;

/// Floating-point operations of the parts: products and convolutions only, 2 per multiply-add.
public final class Work {

    private Work() {}

    /// One picture through an encoder.
    ///
    /// @param stem   operations before and between the blocks
    /// @param blocks in order
    public record Encoder(double stem, List<Blocks> blocks) {
        public Encoder {
            blocks = List.copyOf(blocks);
        }

        /// The work of several pictures.
        public Encoder times(int pictures) {
            return new Encoder(
                    pictures * stem,
                    blocks.stream().map(each -> each.times(pictures)).toList());
        }

        public double flops() {
            return stem
                    + blocks.stream()
                            .mapToDouble(each -> each.count() * each.flops())
                            .sum();
        }
    }

    /// One picture through an expert of its published size.
    static double expert(Experts expert, int input) {
        return expert(expert, new Manifest(), input).flops();
    }

    /// One picture through an expert.
    ///
    /// @param source at the expert's names; gives its sizes where tensors are stored; else they are published
    /// @param input  side of the picture
    public static Encoder expert(Experts expert, ParameterSource source, int input) {
        boolean stored = source.isStored();
        return switch (expert) {
            case CLIP -> {
                var vision = source.at("vision_model");
                yield clip(Clip.Size.orLarge(vision), Clip.Form.MIXTURE, input);
            }
            case CONVNEXT -> convNext(stored ? ConvNext.Size.of(source) : ConvNext.Size.XXLARGE, input);
            case SAM -> sam(stored ? Sam.Size.of(source) : Sam.Size.LARGE);
            case DET -> eva(stored ? Eva02.Size.of(source) : Eva02.Size.LARGE, input);
            case PIX2STRUCT -> {
                var size = stored ? Pix2Struct.Size.of(source) : Pix2Struct.Size.LARGE;
                double n = square(PatchSequence.of(input, input, size.patches()).rows());
                yield new Encoder(
                        2 * n * PatchSequence.VALUES * size.width(),
                        List.of(Blocks.transformer(
                                Blocks.Kind.GATED_GELU, size.layers(), n, size.width(), size.mlp(), n)));
            }
            case DINOV2 -> {
                var size = stored ? DinoV2.Size.of(source) : DinoV2.Size.LARGE;
                yield plain(Blocks.Kind.SCALED_GELU, size.width(), size.layers(), size.mlp(), size.patch(), 1, input);
            }
            case EVA_CLIP -> {
                var size = stored ? EvaClip.Size.of(source) : EvaClip.Size.LARGE_336;
                var kind = Blocks.Kind.NORMED_ATTENTION_SWIGLU;
                yield plain(kind, size.width(), size.layers(), size.mlp(), size.patch(), 1, input);
            }
            case INTERNVIT -> internVit(stored ? InternVit.Size.of(source) : InternVit.Size.SMALL_448, input);
            case SIGLIP -> {
                var vision = source.at("vision_model");
                var size = stored ? SigLip.Size.of(vision) : SigLip.Size.SO400M_384;
                yield plain(Blocks.Kind.GELU, size.width(), size.layers(), size.mlp(), size.patch(), 0, input);
            }
        };
    }

    /// One picture through CLIP, in a mixture or as LLaVA uses it: with its class token and without its last layer.
    public static Encoder clip(Clip.Size size, Clip.Form form, int input) {
        boolean mixture = form == Clip.Form.MIXTURE;
        return plain(
                Blocks.Kind.QUICK_GELU,
                size.width(),
                size.layers() - (mixture ? 0 : 1),
                size.mlp(),
                size.patch(),
                mixture ? 0 : 1,
                input);
    }

    /// One picture through InternViT.
    static Encoder internVit(InternVit.Size size, int input) {
        var kind = switch (size.form()) {
            case LAYER_NORM -> Blocks.Kind.SCALED_GELU;
            case RMS_NORM -> Blocks.Kind.SCALED_NORMED_GELU;
        };
        return plain(kind, size.width(), size.layers(), size.mlp(), size.patch(), 1, input);
    }

    /// A plain vision transformer; `extra` tokens stand beside the patches.
    private static Encoder plain(Blocks.Kind kind, int width, int layers, int mlp, int patch, int extra, int input) {
        double n = square(input / patch);
        return new Encoder(
                2 * n * patch * patch * 3 * width,
                List.of(Blocks.transformer(kind, layers, n + extra, width, mlp, n + extra)));
    }

    private static Encoder sam(Sam.Size size) {
        double n = square(size.positions());
        double padded = square(Math.ceilDiv(size.positions(), size.window()) * size.window());
        int global = size.global().size();
        double width = size.width();
        return new Encoder(
                2 * n * width * (size.patch() * size.patch() * 3 + size.neck()),
                List.of(
                        Blocks.transformer(Blocks.Kind.RELATIVE, global, n, width, size.mlp(), n),
                        new Blocks(
                                Blocks.Kind.RELATIVE,
                                size.layers() - global,
                                n,
                                padded,
                                width,
                                width,
                                size.mlp(),
                                square(size.window()))));
    }

    private static Encoder eva(Eva02.Size size, int input) {
        double n = square(input / size.patch());
        int global = size.layers() / size.everyGlobal();
        var kind = Blocks.Kind.NORMED_SWIGLU;
        return new Encoder(
                2 * n * size.width() * size.patch() * size.patch() * 3,
                List.of(
                        Blocks.transformer(kind, global, n, size.width(), size.mlp(), n),
                        Blocks.transformer(
                                kind,
                                size.layers() - global,
                                n,
                                size.width(),
                                size.mlp(),
                                Math.min(n, square(size.window())))));
    }

    private static Encoder convNext(ConvNext.Size size, int input) {
        double side = input / 4.0;
        double stem = 2 * side * side * 48 * size.widths().getFirst();
        var blocks = new ArrayList<Blocks>();
        for (int i = 0; i < size.widths().size(); i++) {
            double width = size.widths().get(i);
            if (i > 0) {
                side /= 2;
                stem += 2 * side * side * 4 * size.widths().get(i - 1) * width;
            }
            blocks.add(Blocks.transformer(
                    Blocks.Kind.CONVOLUTION, size.depths().get(i), side * side, width, 4 * width, 0));
        }
        return new Encoder(stem, blocks);
    }

    private static double square(double side) {
        return side * side;
    }

    static double projector(FusionSpec fusion, int hidden) {
        return 2.0 * fusion.tokens() * hidden * (fusion.channels() + (double) hidden);
    }

    /// The decoder's layers for a row of `tokens` tokens. Their width is that of all query heads together, which is the
    /// model's in all published ones.
    public static Blocks decoder(LlamaConfig config, double tokens) {
        double queries = (double) config.heads() * config.headWidth();
        double keys = (double) config.kvHeads() * config.headWidth();
        return new Blocks(Blocks.Kind.LLAMA, config.layers(), tokens, tokens, queries, keys, config.mlp(), tokens / 2);
    }

    /// A prompt of `tokens` tokens through the decoder, without the output layer.
    public static double prefill(LlamaConfig config, int tokens) {
        var layers = decoder(config, tokens);
        return layers.count() * layers.flops();
    }

    /// Weights of one decoder layer's products.
    static double layerParameters(LlamaConfig config) {
        double queries = (double) config.heads() * config.headWidth();
        double keys = (double) config.kvHeads() * config.headWidth();
        return config.hidden() * (2 * queries + 2 * keys + 3.0 * config.mlp());
    }
}

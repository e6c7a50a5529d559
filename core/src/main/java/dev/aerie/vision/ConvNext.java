package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// ConvNeXt (timm names, with Eagle's `weight` for the layer scale that timm calls `gamma`). Input: pixels
/// `[B, 3, S, S]`, S a multiple of 32; output: the last stage, stride 32, with the maps
/// of all stages.
///
/// Maps are kept as `[B, H, W, C]`: the norms and products want channels last, and so do fast convolutions.
public final class ConvNext implements VisionExpert {

    /// @param depths   blocks of each stage
    /// @param widths   channels of each stage
    /// @param classes  outputs of the classifier that checkpoints carry and nothing uses; 0 for none
    public record Size(List<Integer> depths, List<Integer> widths, int classes) {

        /// OpenCLIP's XXLarge, as fine-tuned on ImageNet-1k.
        public static final Size XXLARGE = new Size(List.of(3, 4, 30, 3), List.of(384, 768, 1536, 3072), 1000);

        public static Size of(ParameterSource source) {
            var depths = new ArrayList<Integer>();
            var widths = new ArrayList<Integer>();
            for (int stage = 0;
                    stage == 0
                            || source.stored("stages." + stage + ".blocks.0.norm.weight")
                                    .isPresent();
                    stage++) {
                depths.add(source.count("stages." + stage + ".blocks", "norm.weight"));
                widths.add((int) Stored.shape(source, "stages." + stage + ".blocks.0.norm.weight", 1)[0]);
            }
            int classes =
                    source.stored("head.fc.bias").map(shape -> (int) shape[0]).orElse(0);
            return new Size(depths, widths, classes);
        }

        /// Pixels per step of the output's grid: 4 of the stem, doubled by each further stage.
        int stride() {
            return 2 << widths.size();
        }

        int last() {
            return widths.getLast();
        }
    }

    /// Of the norms in XXLarge; in the smaller ones it is 1e-6.
    private static final double EPSILON = 1e-5;

    private final ExpertSpec spec;
    private final Conv2d stem;
    private final LayerNorm stemNorm;
    private final List<Stage> stages = new ArrayList<>();

    public ConvNext(ParameterSource source, Size size, int input) {
        this(source, size, input, EPSILON);
    }

    /// @param input   side of the pictures it is asked to take, in pixels
    /// @param epsilon of the norms
    public ConvNext(ParameterSource source, Size size, int input, double epsilon) {
        var maps = new ArrayList<ExpertSpec.Stage>();
        for (int i = 0; i < size.widths().size(); i++) {
            maps.add(new ExpertSpec.Stage(input / (4 << i), size.widths().get(i)));
        }
        spec = new ExpertSpec(
                "convnext",
                input,
                input / size.stride(),
                size.last(),
                size.widths().size(),
                maps);
        stem = Conv2d.patches(source.at("stem.0"), 3, size.widths().getFirst(), 4);
        stemNorm = new LayerNorm(source.at("stem.1"), size.widths().getFirst(), epsilon);
        int before = 0;
        for (int i = 0; i < size.widths().size(); i++) {
            int width = size.widths().get(i);
            stages.add(new Stage(source.at("stages").at(i), size.depths().get(i), before, width, epsilon));
            before = width;
        }
        source.unused("head.norm.weight", size.last());
        source.unused("head.norm.bias", size.last());
        if (size.classes() > 0) {
            source.unused("head.fc.weight", size.classes(), size.last());
            source.unused("head.fc.bias", size.classes());
        }
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var x = stemNorm.apply(convolve(stem, pixels.permute(0, 2, 3, 1))); // [B, S/4, S/4, C0]
        between.stage("stem", x.flatten(1, 2));
        var maps = new ArrayList<FeatureMap>();
        for (int i = 0; i < stages.size(); i++) {
            x = between.after(i, stages.get(i).apply(x, between.within())); // [B, S/2^(2+i), S/2^(2+i), Ci]
            between.stage("stage_" + i, x.flatten(1, 2));
            maps.add(FeatureMap.ofGrid(x));
        }
        return maps.getLast().withStages(maps);
    }

    /// A convolution of `[B, H, W, C]`, whose memory libtorch sees as a channels-last `[B, C, H, W]`.
    private static Tensor convolve(Conv2d convolution, Tensor x) {
        return convolution.apply(x.permute(0, 3, 1, 2).channelsLast()).permute(0, 2, 3, 1);
    }

    /// Halves the grid (all but the first stage), then the blocks.
    private static final class Stage {

        private final List<UnaryOperator<Tensor>> downsample;
        private final Stack blocks;

        Stage(ParameterSource stage, int depth, int before, int width, double epsilon) {
            if (before == 0) {
                downsample = List.of();
            } else {
                var reduce = stage.at("downsample");
                var norm = new LayerNorm(reduce.at(0), before, epsilon);
                var halve = Conv2d.patches(reduce.at(1), before, width, 2);
                downsample = List.of(norm::apply, x -> convolve(halve, x));
            }
            blocks = new Stack(stage.at("blocks"), depth, (index, block) -> block(block, width, epsilon));
        }

        Tensor apply(Tensor x, Between between) {
            for (var step : downsample) {
                x = step.apply(x);
            }
            return blocks.apply(x, between);
        }

        private static UnaryOperator<Tensor> block(ParameterSource block, int width, double epsilon) {
            var depthwise = Conv2d.depthwise(block.at("conv_dw"), width, 7);
            var norm = new LayerNorm(block.at("norm"), width, epsilon);
            var mlp = new Mlp(
                    new Linear(block.at("mlp.fc1"), width, 4L * width),
                    Functional::gelu,
                    new Linear(block.at("mlp.fc2"), 4L * width, width));
            var scale = block.parameter("weight", width);
            return x -> {
                var branch = mlp.apply(norm.apply(convolve(depthwise, x))); // [B, H, W, C]
                return x.plus(branch.times(scale.to(x.dtype())));
            };
        }
    }
}

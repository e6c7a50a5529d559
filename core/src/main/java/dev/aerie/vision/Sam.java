package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.Mlp;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.Set;
import java.util.TreeSet;

/// Segment Anything's image encoder with Eagle's short neck (`transformers` names, Eagle §4.4). Input: pixels
/// `[B, 3, S, S]`, S = 16 · the side of the position grid; output: the neck's map with each 2 × 2 square moved into the
/// channels.
public final class Sam implements VisionExpert {

    /// @param neck      channels after the neck, a quarter of the output's
    /// @param positions side of the position grid
    /// @param window    side of the attention windows
    /// @param global    blocks that attend to the whole map
    public record Size(
            int width, int layers, int mlp, int neck, int patch, int positions, int window, Set<Integer> global) {

        /// facebook/sam-vit-large
        public static final Size LARGE = new Size(1024, 24, 4096, 256, 16, 64, 14, Set.of(5, 11, 17, 23));

        /// Global blocks are those whose relative positions span the whole grid.
        public static Size of(ParameterSource source) {
            var patch = Stored.shape(source, "patch_embed.projection.weight", 4); // [C, 3, P, P]
            int positions = (int) Stored.shape(source, "pos_embed", 4)[1]; // [1, side, side, C]
            int layers = source.count("layers", "layer_norm1.weight");
            var global = new TreeSet<Integer>();
            int window = LARGE.window;
            for (int i = 0; i < layers; i++) {
                int span = (int) Stored.shape(source, "layers." + i + ".attn.rel_pos_h", 2)[0]; // 2 · side − 1
                if (span == 2 * positions - 1) {
                    global.add(i);
                } else {
                    window = (span + 1) / 2;
                }
            }
            return new Size(
                    (int) patch[0],
                    layers,
                    (int) Stored.shape(source, "layers.0.mlp.lin1.weight", 2)[0],
                    (int) Stored.shape(source, "neck.conv1.weight", 4)[0],
                    (int) patch[2],
                    positions,
                    window,
                    Set.copyOf(global));
        }
    }

    private static final double EPSILON = 1e-6;
    private static final int UNSHUFFLE = 2;

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final Tensor positions;
    private final Stack blocks;
    private final Conv2d neck;
    private final LayerNorm neckNorm;

    public Sam(ParameterSource source, Size size) {
        int width = size.width();
        int side = size.positions();
        spec = new ExpertSpec(
                "sam", side * size.patch(), side / UNSHUFFLE, size.neck() * UNSHUFFLE * UNSHUFFLE, size.layers());
        patches = Conv2d.patches(source.at("patch_embed.projection"), 3, width, size.patch());
        positions = source.parameter("pos_embed", 1, side, side, width);
        blocks = new Stack(
                source.at("layers"),
                size.layers(),
                (index, block) -> block(block, size, size.global().contains(index)));
        neck = Conv2d.patchesWithoutBias(source.at("neck.conv1"), width, size.neck(), 1);
        neckNorm = new LayerNorm(source.at("neck.layer_norm1"), size.neck(), EPSILON);
    }

    private static PreNormBlock block(ParameterSource block, Size size, boolean global) {
        int width = size.width();
        int span = global ? size.positions() : size.window();
        var attention = new RelativeAttention(block.at("attn"), width, span);
        var windows = new Windows(size.window());
        var mlp = block.at("mlp");
        return new PreNormBlock(
                new LayerNorm(block.at("layer_norm1"), width, EPSILON)::apply,
                global ? attention::apply : x -> windows.join(attention.apply(windows.split(x)), x.size(1), x.size(2)),
                new LayerNorm(block.at("layer_norm2"), width, EPSILON)::apply,
                new Mlp(
                        new Linear(mlp.at("lin1"), width, size.mlp()),
                        Functional::gelu,
                        new Linear(mlp.at("lin2"), size.mlp(), width))::apply);
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var x = patches.apply(pixels).permute(0, 2, 3, 1); // [B, H, W, C]
        between.stage("patch_embed", x.flatten(1, 2));
        x = blocks.apply(x.plus(positions.to(x.dtype())), between);
        x = neckNorm.apply(neck.apply(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)); // [B, H, W, neck]
        between.stage("neck", x.flatten(1, 2));
        var unshuffled = Functional.pixelUnshuffle(x.permute(0, 3, 1, 2), UNSHUFFLE); // [B, 4·neck, H/2, W/2]
        return FeatureMap.ofGrid(unshuffled.permute(0, 2, 3, 1));
    }
}

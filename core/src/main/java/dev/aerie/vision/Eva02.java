package dev.aerie.vision;

import dev.aerie.nn.Between;
import dev.aerie.nn.Conv2d;
import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.PreNormBlock;
import dev.aerie.nn.Stack;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// EVA-02 as the detector's backbone (Eagle §4.5): rotary positions besides learned ones, most blocks attend within
/// windows, SwiGLU, no final norm. Input: pixels `[B, 3, S, S]`; output: one token per 16 × 16 patch.
public final class Eva02 implements VisionExpert {

    /// @param mlp       hidden width of the SwiGLU
    /// @param positions side of the pre-trained position grid
    /// @param window    side of the attention windows; a smaller map is one window, as it is
    /// @param everyGlobal every so many blocks one attends to the whole map: those with index mod n = n − 1
    public record Size(int width, int layers, int mlp, int patch, int positions, int window, int everyGlobal) {

        /// EVA-02-L, pre-trained at 224, `eva02_L_coco_det_sys_o365`
        public static final Size LARGE = new Size(1024, 24, 2730, 16, 14, 16, 3);

        public static Size of(ParameterSource source) {
            var patch = Stored.shape(source, "patch_embed.proj.weight", 4); // [C, 3, P, P]
            var positions = Stored.shape(source, "pos_embed", 3); // [1, 1 + side², C]
            return new Size(
                    (int) patch[0],
                    source.count("blocks", "norm1.weight"),
                    (int) Stored.shape(source, "blocks.0.mlp.w1.weight", 2)[0],
                    (int) patch[2],
                    (int) Math.sqrt(positions[1] - 1),
                    LARGE.window,
                    LARGE.everyGlobal);
        }

        /// The same with other windows.
        public Size withWindow(int side) {
            return new Size(width, layers, mlp, patch, positions, side, everyGlobal);
        }

        boolean isGlobal(int block) {
            return block % everyGlobal == everyGlobal - 1;
        }
    }

    /// Side of the map at which rotary places step by 1, whatever the windows are.
    public static final int ROTARY = 16;

    private static final double EPSILON = 1e-6;

    private final ExpertSpec spec;
    private final Conv2d patches;
    private final Tensor positions;
    private final Stack blocks;

    /// @param input side of the pictures it is asked to take, in pixels
    public Eva02(ParameterSource source, Size size, int input) {
        int grid = input / size.patch();
        spec = new ExpertSpec("det", input, grid, size.width(), size.layers());
        patches = Conv2d.patches(source.at("patch_embed.proj"), 3, size.width(), size.patch());
        positions = source.parameter("pos_embed", 1, 1 + (long) size.positions() * size.positions(), size.width());
        RotaryAttention.tables(source, "rope_win", size.window());
        RotaryAttention.tables(source, "rope_glb", grid);
        blocks = new Stack(
                source.at("blocks"), size.layers(), (index, block) -> block(block, size, grid, size.isGlobal(index)));
    }

    private static PreNormBlock block(ParameterSource block, Size size, int grid, boolean global) {
        int width = size.width();
        int window = Math.min(size.window(), grid);
        RotaryAttention.tables(block.at("attn"), "rope", global ? grid : window);
        var attention = new RotaryAttention(block.at("attn"), width, ROTARY, 0, UnaryOperator.identity());
        var windows = new Windows(window);
        return new PreNormBlock(
                new LayerNorm(block.at("norm1"), width, EPSILON)::apply,
                global ? attention::apply : x -> windows.join(attention.apply(windows.split(x)), x.size(1), x.size(2)),
                new LayerNorm(block.at("norm2"), width, EPSILON)::apply,
                swiGlu(block.at("mlp"), width, size.mlp()));
    }

    /// `w3(norm(silu(w1 x) · w2 x))`
    static UnaryOperator<Tensor> swiGlu(ParameterSource mlp, int width, int hidden) {
        var gate = new Linear(mlp.at("w1"), width, hidden);
        var up = new Linear(mlp.at("w2"), width, hidden);
        var norm = new LayerNorm(mlp.at("ffn_ln"), hidden, EPSILON);
        var down = new Linear(mlp.at("w3"), hidden, width);
        return x -> down.apply(norm.apply(Functional.gate(Functional.silu(gate.apply(x)), up.apply(x))));
    }

    @Override
    public ExpertSpec spec() {
        return spec;
    }

    @Override
    public FeatureMap encode(Tensor pixels, Between between) {
        var x = patches.apply(pixels).permute(0, 2, 3, 1); // [B, H, W, C]
        between.stage("patch_embed", x.flatten(1, 2));
        var table = positions.to(x.dtype()).squeeze(0); // [1 + side², C], the class token first
        var grid = new PositionGrid(table.narrow(0, 1, table.size(0) - 1), Interpolation.BICUBIC);
        var placed = x.plus(grid.of(x.size(1), x.size(2)).reshape(x.size(1), x.size(2), x.size(3)));
        return FeatureMap.ofGrid(blocks.apply(placed, between));
    }
}

package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.Beginning;
import dev.aerie.nn.Between;
import dev.aerie.nn.Counted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// MoVA's fusion (arXiv 2404.13046, §3.3): the first expert's tokens take in, block by block, what some of the others
/// see. Which of them are asked, [Routes] say, from the question; what each is worth for this picture, a gate says. A
/// new one hands on what the first expert sees, averaged down.
///
/// The authors' gate also reads a vector of the question, of a BERT of its own. Ours does not: a picture is then looked
/// at once for all questions with one route.
final class Mova implements Fusion {

    /// `experts` are those that the gate keeps, `down` is the side of the cells that become one token.
    static final Map<String, Integer> SIZES = Map.of("layers", 3, "heads", 16, "experts", 3, "down", 2);

    private final FusionSpec spec;
    private final int grid;
    private final Tensor positions;
    private final List<MovaBlock> blocks = new ArrayList<>();
    private final RegNetBlock before;
    private final TokenPooling pooling;
    private final RegNetBlock behind;

    Mova(ParameterSource model, FusionSetting setting, FusionChoice choice) {
        var leader = setting.leader();
        int width = leader.channels();
        int heads = choice.size("heads");
        int down = choice.size("down");
        grid = setting.grid();
        if (width % heads != 0 || width / heads % 4 != 0) {
            throw new AerieException("cannot fuse by mova: " + heads + " heads do not divide the " + width
                    + " channels of " + leader.name() + " into multiples of 4");
        }
        if (grid % down != 0) {
            throw new AerieException("cannot fuse by mova: cells of " + down + " x " + down + " do not fit a grid of "
                    + grid + " x " + grid);
        }
        var others =
                setting.others(Fusions.MOVA).stream().map(ExpertSpec::channels).toList();
        var counted = new Counted(model);
        var names = counted.at("mov_adapter");
        positions = names.parameter("pos_embed", Beginning.ZEROS, 1, (long) grid * grid, width);
        var size = new MovaBlock.Size(width, others, heads, grid, choice.size("experts"));
        double flops = 0;
        for (int i = 0; i < choice.size("layers"); i++) {
            var block = new MovaBlock(names.at("blocks").at(i), size);
            blocks.add(block);
            flops += block.flops();
        }
        pooling = new TokenPooling(grid / down);
        before = new RegNetBlock(names.at("downsampler.0"), width);
        behind = new RegNetBlock(names.at("downsampler.2"), width);
        int tokens = pooling.side() * pooling.side();
        flops += RegNetBlock.flops((double) grid * grid, width) + RegNetBlock.flops(tokens, width);
        spec = new FusionSpec(
                setting.experts().size(), tokens, width, false, counted.parameters(), FusionSpec.Work.before(flops));
    }

    @Override
    public FusionSpec spec() {
        return spec;
    }

    @Override
    public boolean routes() {
        return true;
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Between between) {
        return fuse(maps, Routes.ALL, between);
    }

    @Override
    public Seen fuse(List<FeatureMap> maps, Routes routes, Between between) {
        var placed = maps.stream().map(this::onGrid).toList(); // [B, grid², C]
        var own = placed.getFirst();
        var x = own.plus(positions.to(own.dtype()));
        for (var block : blocks) {
            x = block.apply(x, placed.subList(1, placed.size()), routes);
        }
        var mean = x.plus(own).times(0.5);
        var pooled = pooling.apply(tokens(before.apply(map(mean, grid))), grid, grid);
        return Seen.of(tokens(behind.apply(map(pooled, pooling.side())))); // [B, tokens, C]
    }

    private Tensor onGrid(FeatureMap map) {
        return tokens(Interpolation.BILINEAR.resize(map.planes(), grid, grid));
    }

    private static Tensor map(Tensor tokens, long side) {
        return tokens.transpose(1, 2).reshape(tokens.size(0), tokens.size(2), side, side);
    }

    private static Tensor tokens(Tensor map) {
        return map.flatten(2).transpose(1, 2);
    }
}

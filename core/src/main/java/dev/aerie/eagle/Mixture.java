package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.ChannelConcat;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.Fusion;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.FusionSetting;
import dev.aerie.fusion.FusionSpec;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Places;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Size;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.Experts;
import dev.aerie.vision.FeatureMap;
import dev.aerie.vision.VisionExpert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// Eagle's mixture of vision experts: every expert sees the same picture at its own size, and the maps are fused.
public final class Mixture implements VisionTower {

    /// The sizes of a mixture.
    ///
    /// @param input  side of the picture it takes, in pixels
    /// @param grid   side of the grid of visual tokens
    /// @param inputs sides of the pictures of those experts that do not take the published one
    /// @param fusion how the experts are joined
    public record Shape(int input, int grid, Map<Experts, Integer> inputs, FusionChoice fusion) {

        public static final Shape PUBLISHED = new Shape(1024, 32, Map.of());

        public Shape {
            inputs = Map.copyOf(inputs);
        }

        /// One that lays the experts' channels side by side, as Eagle does.
        public Shape(int input, int grid, Map<Experts, Integer> inputs) {
            this(input, grid, inputs, FusionChoice.CHANNEL_CONCAT);
        }

        /// The same with another fusion.
        public Shape withFusion(FusionChoice other) {
            return new Shape(input, grid, inputs, other);
        }

        /// The same with other sides of the pictures of some experts.
        public Shape withInputs(Map<Experts, Integer> others) {
            var sides = new EnumMap<Experts, Integer>(Experts.class);
            sides.putAll(inputs);
            sides.putAll(others);
            return new Shape(input, grid, sides, fusion);
        }

        int input(Experts expert) {
            return inputs.getOrDefault(expert, expert.input());
        }

        /// Gives CLIP pictures of this side unless the shape says otherwise.
        Shape withClip(int side) {
            return inputs.containsKey(Experts.CLIP) ? this : withInputs(Map.of(Experts.CLIP, side));
        }
    }

    private final Shape shape;
    private final List<VisionExpert> experts;
    private final Fusion fusion;
    private final Interpolation resize;

    public Mixture(Shape shape, List<VisionExpert> experts, Fusion fusion) {
        this(shape, experts, fusion, Interpolation.BILINEAR_ALIGNED);
    }

    /// @param resize how pictures are brought to an expert's size
    Mixture(Shape shape, List<VisionExpert> experts, Fusion fusion, Interpolation resize) {
        this.shape = shape;
        this.experts = List.copyOf(experts);
        this.fusion = fusion;
        this.resize = resize;
    }

    /// The mixture of a tower string such as `clip-448;convnext-1024`.
    ///
    /// @param model     at the names `model.…`: towers are `vision_tower.vision_towers.0.vision_tower.…` and so on
    /// @param projector kind of the projector behind the fusion
    public static Mixture of(ParameterSource model, String names, Shape shape, String projector, DecoderShape decoder) {
        var towers = model.at("vision_tower.vision_towers");
        var experts = new ArrayList<VisionExpert>();
        for (var expert : Experts.parse(names)) {
            var made = expert.make(towers.at(experts.size()).at("vision_tower"), shape.input(expert));
            requireInput(expert, made.spec().input(), shape);
            experts.add(made);
        }
        var specs = experts.stream().map(VisionExpert::spec).toList();
        var setting = new FusionSetting(specs, shape.grid(), projector, decoder);
        return new Mixture(shape, experts, Fusions.make(model, setting, shape.fusion()));
    }

    /// SAM's positions belong to one size of picture.
    private static void requireInput(Experts expert, int input, Shape shape) {
        int asked = shape.inputs().getOrDefault(expert, input);
        if (asked != input) {
            throw new AerieException("cannot show " + expert.tower() + " pictures of " + asked + " pixels: it takes "
                    + input + " (from.inputs, or mm_expert_inputs in config.json)");
        }
    }

    @Override
    public List<ExpertSpec> experts() {
        return experts.stream().map(VisionExpert::spec).toList();
    }

    @Override
    public int input() {
        return shape.input();
    }

    @Override
    public FusionSpec fusion() {
        return fusion.spec();
    }

    /// Every expert brings every picture to its own square.
    @Override
    public Optional<Size> map(int width, int height) {
        int side = (int) Math.round(Math.sqrt(tokens()));
        return shape.fusion().method().isMap() ? Optional.of(new Size(side, side)) : Optional.empty();
    }

    @Override
    public int unmerged() {
        if (shape.fusion().method() == Fusions.MOVA) {
            return shape.grid();
        }
        return fusion instanceof ChannelConcat concat ? concat.grid() : (int) Math.round(Math.sqrt(tokens()));
    }

    @Override
    public Seen encode(Tensor pixels, Routes routes, Progress progress, IntFunction<Between> between, Between around) {
        int batch = Math.toIntExact(pixels.size(0));
        requireRoutes(routes, batch);
        var maps = new FeatureMap[experts.size()];
        var seen = new ArrayList<FeatureMap>();
        for (int i : fusion.order()) {
            var expert = experts.get(i);
            var looking = routes.pictures(i, batch);
            if (looking.length > 0) {
                progress.at(expert.spec().name(), seen.size(), experts.size());
            }
            var outer = between.apply(i);
            maps[i] = shared(encode(expert, pixels, looking, outer.with(fusion.inside(i, List.copyOf(seen)))), outer);
            seen.add(maps[i]);
        }
        return fusion.fuse(List.of(maps), routes, around); // [B, tokens, channels]
    }

    private void requireRoutes(Routes routes, int pictures) {
        if (routes.isAll()) {
            return;
        }
        if (!fusion.routes()) {
            throw new AerieException("cannot ask only some of the experts: the fusion "
                    + shape.fusion().method().label() + " joins all of them; expected " + Fusions.MOVA.label()
                    + " as mm_fusion in config.json");
        }
        int last = routes.each().stream()
                .filter(route -> !route.experts().isEmpty())
                .mapToInt(route -> route.experts().last())
                .max()
                .orElse(0);
        if (routes.each().size() != pictures || last >= experts.size()) {
            throw new AerieException("cannot ask the experts " + routes.each() + " of a mixture of " + experts.size()
                    + " about " + pictures + " pictures");
        }
    }

    /// What an expert sees in some of the pictures, and zeros where it does not look.
    private FeatureMap encode(VisionExpert expert, Tensor pixels, int[] pictures, Between between) {
        long batch = pixels.size(0);
        if (pictures.length == batch) {
            return encode(expert, pixels, between);
        }
        var spec = expert.spec();
        var nothing = Tensor.zeros(pixels.dtype(), batch, (long) spec.grid() * spec.grid(), spec.channels());
        if (pictures.length == 0) {
            return new FeatureMap(nothing, spec.grid(), spec.grid());
        }
        var some = Tensor.of(Arrays.stream(pictures).asLongStream().toArray(), pictures.length);
        var map = encode(expert, pixels.indexSelect(0, some), between);
        return map.withTokens(nothing.indexAdd(0, some, map.tokens()));
    }

    private FeatureMap encode(VisionExpert expert, Tensor pixels, Between between) {
        int side = expert.spec().input();
        try (var scope = TensorScope.open()) {
            var map = expert.encode(resize.resize(pixels, side, side), between);
            var stages = fusion.usesStages()
                    ? map.stages().stream()
                            .map(stage -> stage.withTokens(scope.keep(stage.tokens())))
                            .toList()
                    : List.<FeatureMap>of();
            return map.withTokens(scope.keep(map.tokens())).withStages(stages);
        }
    }

    /// Adapters between the blocks of an expert read the maps of others, each once more.
    private static FeatureMap shared(FeatureMap map, Between between) {
        return map.withTokens(between.share(map.tokens()));
    }

    @Override
    public Beside beside(Places places, List<Tensor> beside) {
        return fusion.beside(places, beside);
    }
}

package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Places;
import dev.aerie.fusion.Projector;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.fusion.TokenPooling;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.image.Size;
import dev.aerie.language.Llama;
import dev.aerie.language.LlamaConfig;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tiling.AnyResolution;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.TileSize;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.vision.Clip;
import dev.aerie.vision.Experts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/// The parts of the model, made from one source by the released checkpoints' names. A pure function of its weights:
/// shared by threads.
///
/// @param vision empty for a language model alone
public record EagleModel(Optional<Vision> vision, Llama language) {

    /// What turns pictures into visual tokens of the language model's width.
    ///
    /// @param tiled how tiles of a picture are joined, where it is looked at in parts
    public record Vision(VisionTower tower, Projector projector, Optional<Tiled> tiled) {

        /// Visual tokens of one picture, `[1, tokens, hidden]`, and what the decoder reads beside them.
        ///
        /// @param routes    which experts look at it
        /// @param aspect    what becomes of a picture that is not square, where it is looked at as a whole
        /// @param precision of the computation
        public Seen look(Picture picture, Routes routes, Aspect aspect, DType precision, Progress progress) {
            var processor = ImageProcessor.clip(tower.input(), aspect);
            return tiled.map(views -> views.look(
                            picture,
                            view -> cells(pixels(processor, view).to(precision), routes, progress)
                                    .squeeze(0)))
                    .orElseGet(() ->
                            see(pixels(processor, processor.prepare(picture)).to(precision), routes, progress));
        }

        /// Visual tokens of a picture of this size in pixels.
        public int tokens(int width, int height) {
            return tiled.map(views -> views.tiling().of(width, height).tokens()).orElseGet(tower::tokens);
        }

        /// What the tower makes of a tile.
        public TileSize tile() {
            return tileOf(tower);
        }

        /// `[1, 3, height, width]`
        private static Tensor pixels(ImageProcessor processor, Picture prepared) {
            return Tensor.of(processor.normalise(prepared), 1, 3, prepared.height(), prepared.width());
        }

        private Tensor cells(Tensor view, Routes routes, Progress progress) {
            return cells(view, routes, progress, _ -> Between.NOTHING, Between.NOTHING);
        }

        /// Tokens `[V, cells², hidden]` of views in tiles, of one size, normalised `[V, 3, height, width]`; they are
        /// merged before they are projected. For the rest see [#see].
        ///
        /// @param routes which experts look at which views
        public Tensor cells(
                Tensor views, Routes routes, Progress progress, IntFunction<Between> experts, Between fusion) {
            var map = mapOf(tower, Math.toIntExact(views.size(3)), Math.toIntExact(views.size(2)));
            int cells = tiled.orElseThrow().tiling().cells();
            var tokens = tower.encode(views, routes, progress, experts, fusion).tokens(); // [V, N, C]
            return projector.apply(new TokenPooling(cells).apply(tokens, map.height(), map.width()));
        }

        /// Visual tokens `[P, tokens, hidden]` of normalised pixels `[P, 3, S, S]`, and what the decoder reads beside
        /// them.
        ///
        /// @param routes  which experts look at which pictures
        /// @param experts is called between the blocks of expert i
        /// @param fusion  is told of what several blocks read
        public Seen see(Tensor pixels, Routes routes, Progress progress, IntFunction<Between> experts, Between fusion) {
            var seen = tower.encode(pixels, routes, progress, experts, fusion);
            return seen.withTokens(projector.apply(seen.tokens()));
        }

        public Seen see(Tensor pixels, Routes routes, Progress progress) {
            return see(pixels, routes, progress, _ -> Between.NOTHING, Between.NOTHING);
        }

        public Seen see(Tensor pixels, Progress progress) {
            return see(pixels, Routes.ALL, progress);
        }

        /// The same with pictures looked at in several views.
        ///
        /// @param words `[hidden]`, for what separates where the checkpoint has not learned it
        Vision tiled(TilingChoice choice, Function<Piece.Mark, Tensor> words) {
            var learned = tiled.map(Tiled::learned).orElse(Map.of());
            return new Vision(tower, projector, Optional.of(new Tiled(choice.make(tile()), learned, words)));
        }
    }

    private static TileSize tileOf(VisionTower tower) {
        int side = tower.input();
        return new TileSize(side, tower.unmerged(), mapOf(tower, side, side).width());
    }

    private static Size mapOf(VisionTower tower, int width, int height) {
        return tower.map(width, height)
                .orElseThrow(() -> new AerieException("cannot look at pictures in tiles: the tokens of this"
                        + " checkpoint's fusion (mm_fusion in config.json) are no map of the picture; leave out the"
                        + " tiling (--tiling, from.tiling in a recipe, mm_tiling in config.json)"));
    }

    /// Side of CLIP's picture where nobody says otherwise.
    public static final int CLIP_INPUT = Experts.CLIP.input();

    /// @param root      at the root of the checkpoint's names
    /// @param clipInput side of CLIP's picture where the configuration does not say it: 336 as released, 448 as in
    /// the paper. A CLIP alone then has pictures of the size that it was trained with; LLaVA-HR's follow from the
    /// ConvNeXt beside it
    public static EagleModel of(ParameterSource root, EagleConfig config, int clipInput) {
        return new EagleModel(vision(root, config, clipInput), new Llama(root, config.language()));
    }

    static Optional<Vision> vision(ParameterSource root, EagleConfig config, int clipInput) {
        if (config.towers().isEmpty()) {
            return Optional.empty();
        }
        var tower = tower(root.at("model"), config, clipInput);
        var projector = tower.fusion().projected()
                ? Projector.NONE
                : Projector.of(
                        root.at("model.mm_projector"),
                        config.projector(),
                        tower.channels(),
                        config.language().hidden());
        return Optional.of(new Vision(tower, projector, tiled(root.at("model"), config, tower)));
    }

    private static Optional<Tiled> tiled(ParameterSource model, EagleConfig config, VisionTower tower) {
        int hidden = config.language().hidden();
        if (config.layout() instanceof Layout.LlavaNext(var canvases)) {
            var size = Clip.Size.orLarge(model.at(Baselines.CLIP));
            var trained = new AnyResolution(canvases, new TileSize(size.pixels(), size.positions()));
            var tile = new TileSize(tower.input(), tower.experts().getFirst().grid());
            return Optional.of(Tiled.of(model, trained.withTile(tile), hidden));
        }
        return config.tiling().map(choice -> Tiled.of(model, choice.make(tileOf(tower)), hidden));
    }

    private static VisionTower tower(ParameterSource model, EagleConfig config, int clipInput) {
        var decoder = shape(config.language());
        var mixture = config.mixture().withClip(clipInput);
        boolean beside = config.layout() instanceof Layout.LlavaHr || config.layout() instanceof Layout.MiniGemini;
        if (beside && clipInput != CLIP_INPUT) {
            throw new AerieException("cannot give this checkpoint's CLIP pictures of " + clipInput + " pixels: their"
                    + " size follows from the ConvNeXt beside it (LLaVA-HR, Mini-Gemini); leave --clip-input out");
        }
        return switch (config.layout()) {
            case Layout.LlavaHr layout -> Baselines.llavaHr(model, config, layout, decoder);
            case Layout.MiniGemini layout -> Baselines.miniGemini(model, config, layout, decoder);
            case Layout.Eagle _
            when config.isMixture() -> Mixture.of(model, config.towers(), mixture, config.projector(), decoder);
            case Layout.Eagle _, Layout.LlavaNext _ -> llava(model.at(Baselines.CLIP), config, clipInput);
        };
    }

    private static DecoderShape shape(LlamaConfig language) {
        return new DecoderShape(
                language.hidden(), language.layers(), language.heads(), language.mlp(), language.rmsEpsilon());
    }

    /// What happens between the decoder's layers.
    ///
    /// @param places where the pictures stand in the decoder's rows
    /// @param beside what was kept of all pictures for the decoder, see [Seen]
    public Beside beside(Places places, List<Tensor> beside) {
        return vision.map(seeing -> seeing.tower().beside(places, beside)).orElse(Beside.NOTHING);
    }

    /// Its pictures have the size that it was trained with, unless the configuration or the user says otherwise.
    private static SingleTower llava(ParameterSource source, EagleConfig config, int clipInput) {
        var name = config.towers();
        if (!name.contains("clip")) {
            throw new AerieException(
                    "cannot look through '" + name
                            + "' (mm_vision_tower in config.json): expected a mixture such as clip-448;convnext-1024, or a CLIP");
        }
        var fusion = config.mixture().fusion().method();
        if (fusion != Fusions.CHANNEL_CONCAT) {
            throw new AerieException("cannot join experts by " + fusion.label() + ": '" + name
                    + "' (mm_vision_tower in config.json) is a CLIP that stands for itself, which fusions are not for;"
                    + " expected a mixture such as clip-448;sam-1024, or no mm_fusion in config.json");
        }
        var size = Clip.Size.orLarge(source);
        int input = config.mixture()
                .inputs()
                .getOrDefault(Experts.CLIP, clipInput == CLIP_INPUT ? size.pixels() : clipInput);
        return new SingleTower(new Clip(source, size, Clip.Form.LLAVA, input));
    }

    /// The same with pictures looked at in several views.
    ///
    /// @param words token ids of the words that separate where the checkpoint has not learned others
    EagleModel tiled(TilingChoice choice, Function<Piece.Mark, Integer> words) {
        var seeing = vision.orElseThrow(() -> new AerieException("cannot look at pictures in tiles: this checkpoint has"
                + " no vision tower (mm_vision_tower in config.json)"));
        Function<Piece.Mark, Tensor> embedded = mark ->
                language.embed(Tensor.of(new long[] {words.apply(mark)}, 1)).squeeze(0);
        return new EagleModel(Optional.of(seeing.tiled(choice, embedded)), language);
    }

    /// The names and shapes of all tensors that a checkpoint of this configuration holds.
    public static List<Manifest.Entry> manifest(EagleConfig config) {
        var manifest = new Manifest();
        of(manifest, config, CLIP_INPUT);
        return manifest.entries();
    }
}

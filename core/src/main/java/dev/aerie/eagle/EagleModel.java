package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.DecoderShape;
import dev.aerie.fusion.Places;
import dev.aerie.fusion.Projector;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Aspect;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.language.Llama;
import dev.aerie.language.LlamaConfig;
import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.vision.Clip;
import java.util.List;
import java.util.Optional;
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
        /// @param aspect    what becomes of a picture that is not square, where it is looked at as a whole
        /// @param precision of the computation
        public Seen look(Picture picture, Aspect aspect, DType precision, Progress progress) {
            if (tiled.isEmpty()) {
                return see(pixels(List.of(picture), aspect).to(precision), progress);
            }
            var parts = tiled.get().tiles().cut(picture);
            var seen = see(pixels(parts, Aspect.SQUARE).to(precision), progress);
            return tiled.get().join(picture, seen.tokens());
        }

        /// `[P, 3, S, S]`
        private Tensor pixels(List<Picture> pictures, Aspect aspect) {
            var processor = ImageProcessor.clip(tower.input(), aspect);
            var each = pictures.stream()
                    .map(processor::prepare)
                    .map(part -> Tensor.of(processor.normalise(part), 1, 3, part.height(), part.width()))
                    .toList();
            return Tensors.cat(each, 0);
        }

        /// Visual tokens `[P, tokens, hidden]` of normalised pixels `[P, 3, S, S]`, and what the decoder reads beside
        /// them.
        ///
        /// @param experts is called between the blocks of expert i
        /// @param fusion  is told of what several blocks read
        public Seen see(Tensor pixels, Progress progress, IntFunction<Between> experts, Between fusion) {
            var seen = tower.encode(pixels, progress, experts, fusion);
            return seen.withTokens(projector.apply(seen.tokens()));
        }

        public Seen see(Tensor pixels, Progress progress) {
            return see(pixels, progress, _ -> Between.NOTHING, Between.NOTHING);
        }
    }

    /// Side of CLIP's picture where nobody says otherwise.
    static final int CLIP_INPUT = 336;

    /// @param root      at the root of the checkpoint's names
    /// @param clipInput side of CLIP's picture in a mixture of the published sizes: 336 as in the released
    /// code, 448 as in the paper
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
        Optional<Tiled> tiled = config.layout() instanceof Layout.LlavaNext(var tiles)
                ? Optional.of(
                        Tiled.of(root.at("model"), tiles, config.language().hidden()))
                : Optional.empty();
        return Optional.of(new Vision(tower, projector, tiled));
    }

    private static VisionTower tower(ParameterSource model, EagleConfig config, int clipInput) {
        var decoder = shape(config.language());
        return switch (config.layout()) {
            case Layout.LlavaHr layout -> Baselines.llavaHr(model, config, layout, decoder);
            case Layout.MiniGemini layout -> Baselines.miniGemini(model, config, layout, decoder);
            case Layout.Eagle _
            when config.isMixture() ->
                Mixture.of(model, config.towers(), config.mixture().withClip(clipInput), config.projector(), decoder);
            case Layout.Eagle _, Layout.LlavaNext _ ->
                llava(model.at("vision_tower.vision_tower.vision_model"), config.towers());
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

    private static SingleTower llava(ParameterSource source, String name) {
        if (!name.contains("clip")) {
            throw new AerieException(
                    "cannot look through '" + name
                            + "' (mm_vision_tower in config.json): expected a mixture such as clip-448;convnext-1024, or a CLIP");
        }
        return new SingleTower(Baselines.clip(source, Clip.Form.LLAVA, CLIP_INPUT));
    }

    /// The names and shapes of all tensors that a checkpoint of this configuration holds.
    public static List<Manifest.Entry> manifest(EagleConfig config) {
        var manifest = new Manifest();
        of(manifest, config, CLIP_INPUT);
        return manifest.entries();
    }
}

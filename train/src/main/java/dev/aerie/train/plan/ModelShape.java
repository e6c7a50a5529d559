package dev.aerie.train.plan;

import dev.aerie.AerieException;
import dev.aerie.bench.Blocks;
import dev.aerie.bench.Work;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Layout;
import dev.aerie.eagle.PartCount;
import dev.aerie.eagle.Tiled;
import dev.aerie.fusion.FusionSpec;
import dev.aerie.nn.HeaderSource;
import dev.aerie.nn.Manifest;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.train.start.Start;
import dev.aerie.vision.Clip;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that planning needs to know of a model: names and shapes, and what each part works on. Nothing is loaded.
///
/// @param entries  every tensor of a checkpoint, those that are not used among them
/// @param layers   the weights of linear layers among them
/// @param stored   the type that weights are stored in
/// @param encoders work of one picture in all its views, by the expert's name in the tower string (`vision` outside a
///     mixture)
/// @param fusion   how the experts are joined
/// @param input    side of the pictures, or of their tiles
/// @param most     views and tokens of a picture
public record ModelShape(
        EagleConfig config,
        List<Manifest.Entry> entries,
        Set<String> layers,
        DType stored,
        Map<String, Work.Encoder> encoders,
        FusionSpec fusion,
        int input,
        MostTiles most) {

    private static final FusionSpec BLIND = FusionSpec.plain(0, 0, 0);

    public ModelShape {
        entries = List.copyOf(entries);
        layers = Set.copyOf(layers);
        encoders = new LinkedHashMap<>(encoders);
    }

    /// A model of published sizes, see [dev.aerie.eagle.PublishedModel].
    public static ModelShape of(EagleConfig config, DType stored) {
        return of(new Manifest(), config, EagleModel.manifest(config), stored);
    }

    /// The model of a checkpoint; only headers are read.
    public static ModelShape of(Path checkpoint) {
        var config = EagleConfig.open(checkpoint);
        try (var weights = Checkpoint.open(checkpoint)) {
            var source = new HeaderSource(weights);
            EagleModel.of(source, config, EagleModel.CLIP_INPUT);
            var entries = new ArrayList<Manifest.Entry>();
            for (var header : weights.headers()) {
                source.role(header.name())
                        .ifPresent(role -> entries.add(new Manifest.Entry(header.name(), header.shape(), role)));
            }
            return of(new HeaderSource(weights), config, entries, mostCommonType(weights));
        }
    }

    private static DType mostCommonType(Checkpoint weights) {
        var types = new LinkedHashMap<DType, Long>();
        weights.headers().forEach(header -> types.merge(header.dtype(), header.elements(), Long::sum));
        return types.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(DType.BF16);
    }

    /// The model that a run starts with, whatever its parts come from; nothing is loaded or made.
    public static ModelShape of(Start start) {
        var manifest = new Manifest();
        var asked = new SizedManifest(start.source(), manifest);
        EagleModel.of(asked, start.config(), EagleModel.CLIP_INPUT);
        return of(asked, start.config(), manifest.entries(), stored(start));
    }

    private static DType stored(Start start) {
        if (start.isFresh()) {
            return DType.F32;
        }
        try (var weights = Checkpoint.open(start.tokenizer())) {
            return mostCommonType(weights);
        }
    }

    private static ModelShape of(
            ParameterSource source, EagleConfig config, List<Manifest.Entry> entries, DType stored) {
        var manifest = new Manifest();
        var vision = EagleModel.of(new SizedManifest(source, manifest), config, EagleModel.CLIP_INPUT)
                .vision();
        var fusion = vision.map(seeing -> seeing.tower().fusion()).orElse(BLIND);
        int input = vision.map(seeing -> seeing.tower().input()).orElse(0);
        var tiling = vision.flatMap(EagleModel.Vision::tiled).map(Tiled::tiling);
        var most = MostTiles.of(tiling, input, fusion.tokens());
        var encoders = vision.isPresent()
                ? encoders(source.at("model.vision_tower"), config)
                : new LinkedHashMap<String, Work.Encoder>();
        encoders.replaceAll((_, view) -> view.times(most.views()));
        return new ModelShape(config, entries, manifest.layers(), stored, encoders, fusion, input, most);
    }

    /// The work of one view.
    private static Map<String, Work.Encoder> encoders(ParameterSource towers, EagleConfig config) {
        var encoders = new LinkedHashMap<String, Work.Encoder>();
        if (config.layout() instanceof Layout.LlavaHr || config.layout() instanceof Layout.MiniGemini) {
            throw new AerieException(
                    "cannot plan with, or train, a checkpoint in the layout of LLaVA-HR or Mini-Gemini:"
                            + " expected a mixture with the fusion llava-hr or mini-gemini, or LLaVA's single CLIP");
        }
        if (!config.isMixture()) {
            var clip = towers.at("vision_tower.vision_model");
            var size = Clip.Size.orLarge(clip);
            int side = config.mixture().inputs().getOrDefault(Experts.CLIP, size.pixels());
            encoders.put("vision", Work.clip(size, Clip.Form.LLAVA, side));
            return encoders;
        }
        for (var expert : Experts.parse(config.towers())) {
            int input = config.mixture().inputs().getOrDefault(expert, expert.input());
            var names = towers.at("vision_towers").at(encoders.size()).at("vision_tower");
            encoders.put(expert.tower(), Work.expert(expert, names, input));
        }
        return encoders;
    }

    /// The names of parts in the order of the data's way: experts, `projector`, `language`.
    public List<String> parts() {
        var parts = new ArrayList<>(encoders.keySet());
        if (!encoders.isEmpty()) {
            parts.add("projector");
        }
        parts.add("language");
        return parts;
    }

    /// Visual tokens of a picture.
    int tokens() {
        return most.tokens();
    }

    /// Channels of the features that the projector takes.
    int channels() {
        return fusion.channels();
    }

    String part(Manifest.Entry entry) {
        return PartCount.part(entry.name(), config.towers());
    }

    /// The names of the parameters that the forward pass uses.
    public List<String> names() {
        return entries.stream()
                .filter(entry -> entry.role() == Manifest.Role.PARAMETER)
                .map(Manifest.Entry::name)
                .toList();
    }

    /// The blocks of a part for one sample.
    ///
    /// @param row positions of its row
    List<Blocks> blocks(String part, int row) {
        return switch (part) {
            case "projector" -> List.of();
            case "language" -> List.of(Work.decoder(config.language(), row));
            default -> encoder(part).blocks();
        };
    }

    /// Operations of a part's forward pass for one sample.
    double flops(String part, int row) {
        var language = config.language();
        return switch (part) {
            case "projector" ->
                fusion.work().row(most.views(), row) + (fusion.projected() ? 0 : 2.0 * tokens() * projectorWeights());
            case "language" -> Work.prefill(language, row) + 2.0 * row * language.hidden() * language.vocabulary();
            default -> encoder(part).flops();
        };
    }

    private Work.Encoder encoder(String part) {
        return encoders.getOrDefault(part, new Work.Encoder(0, List.of()));
    }

    private double projectorWeights() {
        return entries.stream()
                .filter(entry -> entry.name().startsWith("model.mm_projector.") && entry.shape().length == 2)
                .mapToDouble(Manifest.Entry::elements)
                .sum();
    }
}

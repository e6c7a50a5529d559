package dev.aerie.train.start;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Layout;
import dev.aerie.eagle.Tiled;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.recipe.Stage;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where a run begins: the model's configuration, its weights, and the folder of its tokenizer.
public final class Start implements AutoCloseable {

    /// Deviation of a fresh language model's weights: `initializer_range`, as Llama has it.
    private static final double FRESH = 0.02;

    private final EagleConfig config;
    private final Path tokenizer;
    private final boolean fresh;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ParameterSource source;

    /// A whole checkpoint.
    private Start(EagleConfig config, Path checkpoint) {
        var pad = PadToken.missing(checkpoint);
        this.config = grown(config, pad);
        tokenizer = checkpoint;
        fresh = false;
        source = words(checkpoint, pad);
    }

    private Start(EagleConfig config, Stage.From from, Path language, Optional<Path> projector, Optional<Path> fusing) {
        var pad = PadToken.missing(language);
        this.config = grown(config, pad);
        tokenizer = language;
        fresh = from.fresh().isPresent();
        try {
            var words = from.fresh().isPresent() ? keep(new Initial(_ -> FRESH, Map.of())) : words(language, pad);
            var made = keep(new Initial(
                    _ -> Double.NaN, gains(config, words, from.fresh().isPresent())));
            var routes = new ArrayList<Assembly.Route>();
            from.experts()
                    .forEach((tower, path) -> routes.add(
                            isAlone(tower)
                                    ? new Assembly.Route(
                                            "model.vision_tower.vision_tower.", keep(Origin.expert(Experts.CLIP, path)))
                                    : new Assembly.Route(
                                            "model.vision_tower.vision_towers." + routes.size() + ".vision_tower.",
                                            keep(Origin.expert(
                                                    Experts.parse(tower).getFirst(), path)))));
            boolean projects = config.mixture().fusion().method().hasProjector()
                    && !config.projector().equals("identity");
            routes.add(new Assembly.Route(
                    "model.mm_projector.",
                    projector
                            .filter(_ -> projects)
                            .<ParameterSource>map(path -> keep(Origin.projector(path)))
                            .orElseGet(() -> made.at("model.mm_projector"))));
            var fusion = fusing.<ParameterSource>map(path -> keep(Origin.fusion(path)));
            // a projector that has learned with whole pictures may go on with tiles, and LLaVA-HR's with adapters
            routes.add(new Assembly.Route(
                    name -> (Tiled.isMark(name) || Fusions.isAdapter(name))
                            && fusion.flatMap(file -> file.stored(name)).isEmpty(),
                    0,
                    made));
            routes.add(new Assembly.Route(Fusions::owns, 0, fusion.orElse(made)));
            routes.add(new Assembly.Route("", words));
            source = new Assembly(routes, made);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Whether a tower is a CLIP of its own, as in LLaVA, and not one of a mixture.
    private static boolean isAlone(String tower) {
        return tower.contains("/");
    }

    private static EagleConfig grown(EagleConfig config, Optional<PadToken> pad) {
        var language = config.language();
        int rows = Math.max(language.vocabulary(), pad.map(PadToken::id).orElse(0) + 1);
        return rows == language.vocabulary() ? config : config.withLanguage(language.withVocabulary(rows));
    }

    private ParameterSource words(Path language, Optional<PadToken> pad) {
        var stored = keep(new CheckpointSource(Checkpoint.open(language)));
        return pad.isEmpty()
                ? stored
                : keep(new GrownVocabulary(stored, pad.get().id() + 1));
    }

    /// Opens what a stage names. A checkpoint's own experts can be replaced, and a run for one expert takes that alone,
    /// with a fresh projector.
    ///
    /// @param tower the only expert, where each has a run of its own
    public static Start open(Stage.From from, Optional<String> tower) {
        var base = base(from);
        var own = EagleConfig.open(base);
        if (isWhole(from, own, tower)) {
            return new Start(config(from, tower), base);
        }
        var config = config(from, tower);
        var parts = new Stage.From(
                Optional.empty(),
                experts(from, own, base, tower),
                Optional.of(base),
                from.projector(),
                from.fresh(),
                config.projector(),
                from.fusion(),
                from.inputs(),
                from.tiling());
        boolean same = tower.isEmpty()
                && config.towerNames().equals(own.towerNames())
                && config.mixture().fusion().continues(own.mixture().fusion());
        var fusion = from.projector().or(() -> same ? from.checkpoint() : Optional.empty());
        var projector = config.projector().equals(own.projector()) ? fusion : from.projector();
        return new Start(config, parts, from.language().orElse(base), projector, fusion);
    }

    /// The configuration of what [#open] opens. No weights are looked at.
    public static EagleConfig config(Stage.From from, Optional<String> tower) {
        return config(from, tower, EagleConfig::open);
    }

    /// The same where not all places are folders yet.
    ///
    /// @param open gives the configuration of a place
    public static EagleConfig config(Stage.From from, Optional<String> tower, Function<Path, EagleConfig> open) {
        var base = base(from);
        var own = open.apply(base);
        if (isWhole(from, own, tower)) {
            return own.withMixture(own.mixture().withInputs(from.inputs()));
        }
        if (from.checkpoint().isPresent() && !(own.layout() instanceof Layout.Eagle)) {
            throw new AerieException("cannot put other parts beside those of " + base + ": it has its authors' layout"
                    + " (LLaVA-HR, Mini-Gemini or LLaVA-NeXT); expected a checkpoint of Eagle or LLaVA-1.5; LLaVA-NeXT's"
                    + " is trained as it is, with 'from.checkpoint' alone");
        }
        var experts = experts(from, own, base, tower);
        var words = from.language().map(open).orElse(own);
        var config = new EagleConfig(
                experts.isEmpty() ? own.architecture() : "EagleLlamaForCausalLM",
                words.language(),
                String.join(";", experts.keySet()),
                own.mixture()
                        .withFusion(
                                experts.isEmpty() && from.fusion().isEmpty()
                                        ? FusionChoice.CHANNEL_CONCAT
                                        : fusion(from, own, tower))
                        .withInputs(from.inputs()),
                says(from, own) ? own.projector() : from.projectorKind(),
                own.aspect(),
                words.endTokens(),
                own.maxLength());
        if (!config.isMixture()
                && from.fusion()
                        .filter(fusion -> fusion.method() != Fusions.CHANNEL_CONCAT)
                        .isPresent()) {
            throw new AerieException("cannot join experts by "
                    + config.mixture().fusion().method().label() + ": the stage begins with "
                    + (experts.isEmpty() ? "no expert" : "a CLIP that stands for itself")
                    + "; expected experts by the names of a mixture under 'from.experts', such as clip-448, or no"
                    + " 'from.fusion'");
        }
        if (experts.isEmpty() && from.tiling().isPresent()) {
            throw new AerieException(
                    "cannot look at pictures in tiles by " + from.tiling().get()
                            + ": the stage begins with no expert that would look; name some under 'from.experts', or leave"
                            + " 'from.tiling' out");
        }
        return config.withTiling(
                experts.isEmpty() ? Optional.empty() : from.tiling().or(own::tiling));
    }

    /// Whether a checkpoint says what its projector is: one of a language model alone does not, and a
    /// recipe may ask for another.
    private static boolean says(Stage.From from, EagleConfig own) {
        return from.checkpoint().isPresent()
                && !own.towers().isEmpty()
                && from.projectorKind().equals(Stage.From.MLP);
    }

    /// One expert alone has nothing to be joined with.
    private static FusionChoice fusion(Stage.From from, EagleConfig own, Optional<String> tower) {
        return tower.isPresent()
                ? FusionChoice.CHANNEL_CONCAT
                : from.fusion().orElse(own.mixture().fusion());
    }

    private static Path base(Stage.From from) {
        return from.checkpoint()
                .or(from::language)
                .or(from::fresh)
                .orElseThrow(() -> new AerieException(
                        "cannot start: neither a checkpoint nor a language model is named; set 'from.checkpoint',"
                                + " 'from.language' or 'from.fresh' of the stage"));
    }

    /// Whether a checkpoint is taken as it is.
    private static boolean isWhole(Stage.From from, EagleConfig own, Optional<String> tower) {
        boolean keepsProjector =
                own.towers().isEmpty() || says(from, own) || own.projector().equals(from.projectorKind());
        return keepsProjector
                && from.experts().isEmpty()
                && from.language().isEmpty()
                && from.projector().isEmpty()
                && from.fresh().isEmpty()
                && from.fusion().isEmpty()
                && from.tiling().isEmpty()
                && tower.isEmpty();
    }

    /// The experts of a run and where each comes from, in the mixture's order.
    private static Map<String, Path> experts(Stage.From from, EagleConfig own, Path base, Optional<String> tower) {
        var experts = new LinkedHashMap<String, Path>();
        if (from.checkpoint().isPresent()) {
            if (own.isMixture()) {
                Experts.parse(own.towers()).forEach(kind -> experts.put(kind.tower(), base));
            } else if (!own.towers().isEmpty() && from.experts().isEmpty()) {
                experts.put(own.towers(), base);
            }
        }
        experts.putAll(from.experts());
        tower.ifPresent(only -> experts.keySet().retainAll(List.of(only)));
        return experts;
    }

    /// A projector that ends in a norm begins at the scale of the words.
    private static Map<String, Double> gains(EagleConfig config, ParameterSource words, boolean fresh) {
        if (config.towers().isEmpty() || !config.projector().endsWith("_norm")) {
            return Map.of();
        }
        int depth = Integer.parseInt(config.projector().replaceAll("\\D+", ""));
        double scale = fresh ? FRESH : scale(words);
        var last = (2 * depth - 1) + ".weight";
        if (config.mixture().fusion().method() != Fusions.SEQUENCE_APPEND) {
            return Map.of("model.mm_projector." + last, scale);
        }
        var gains = new LinkedHashMap<String, Double>();
        for (int i = 0; i < Experts.parse(config.towers()).size(); i++) {
            gains.put("model.mm_projector." + i + "." + last, scale);
        }
        return gains;
    }

    /// The root mean square of the words' embeddings.
    private static double scale(ParameterSource words) {
        try (var _ = TensorScope.open()) {
            var shape = words.stored("model.embed_tokens.weight")
                    .orElseThrow(() -> new AerieException("the language model of the stage has no tensor"
                            + " model.embed_tokens.weight; expected a checkpoint of the Llama family"));
            var table = words.parameter("model.embed_tokens.weight", shape).to(DType.F32);
            return Math.sqrt(table.times(table).mean().item());
        }
    }

    private <T extends AutoCloseable> T keep(T each) {
        open.add(each);
        return each;
    }

    public EagleConfig config() {
        return config;
    }

    public ParameterSource source() {
        return source;
    }

    /// Whether the language model begins anew.
    public boolean isFresh() {
        return fresh;
    }

    /// Folder of the tokenizer's files.
    public Path tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        for (var each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        open.clear();
    }
}

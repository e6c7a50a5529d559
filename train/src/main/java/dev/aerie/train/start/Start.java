package dev.aerie.train.start;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
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

/// Where a run begins: the model's configuration, its weights, and the folder of its tokenizer.
public final class Start implements AutoCloseable {

    private final EagleConfig config;
    private final Path tokenizer;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ParameterSource source;

    private Start(EagleConfig config, Path tokenizer) {
        var pad = PadToken.missing(tokenizer);
        this.config = grown(config, pad);
        this.tokenizer = tokenizer;
        source = words(tokenizer, pad);
    }

    private Start(EagleConfig config, Stage.From from, Path language, Optional<Path> projector) {
        var pad = PadToken.missing(language);
        this.config = grown(config, pad);
        tokenizer = language;
        try {
            var words = words(language, pad);
            var fresh = keep(new Initial(_ -> Double.NaN, gains(config, words)));
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
            routes.add(new Assembly.Route(
                    "model.mm_projector.",
                    projector
                            .<ParameterSource>map(path -> keep(Origin.projector(path)))
                            .orElseGet(() -> fresh.at("model.mm_projector"))));
            routes.add(new Assembly.Route("", words));
            source = new Assembly(routes, fresh);
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
        var base = from.checkpoint()
                .or(from::language)
                .orElseThrow(() -> new AerieException(
                        "cannot start: neither a checkpoint nor a language model is named; set 'from.checkpoint' or"
                                + " 'from.language' of the stage"));
        var own = EagleConfig.open(base);
        if (from.experts().isEmpty()
                && from.language().isEmpty()
                && from.projector().isEmpty()
                && tower.isEmpty()) {
            return new Start(own, base);
        }
        var experts = experts(from, own, base, tower);
        var words = from.language().map(EagleConfig::open).orElse(own);
        var kind = from.checkpoint().isPresent() ? own.projector() : from.projectorKind();
        var config = new EagleConfig(
                "EagleLlamaForCausalLM",
                words.language(),
                String.join(";", experts.keySet()),
                own.mixture(),
                kind,
                own.aspect(),
                words.endTokens(),
                own.maxLength());
        var parts = new Stage.From(Optional.empty(), experts, Optional.of(base), from.projector(), kind);
        boolean same = tower.isEmpty() && from.experts().isEmpty();
        var projector = from.projector().or(() -> same ? from.checkpoint() : Optional.empty());
        return new Start(config, parts, from.language().orElse(base), projector);
    }

    /// The experts of a run and where each comes from, in the mixture's order.
    private static Map<String, Path> experts(Stage.From from, EagleConfig own, Path base, Optional<String> tower) {
        var experts = new LinkedHashMap<String, Path>();
        if (from.checkpoint().isPresent() && own.isMixture()) {
            Experts.parse(own.towers()).forEach(kind -> experts.put(kind.tower(), base));
        }
        experts.putAll(from.experts());
        tower.ifPresent(only -> experts.keySet().retainAll(List.of(only)));
        return experts;
    }

    /// A projector that ends in a norm begins at the scale of the words.
    private static Map<String, Double> gains(EagleConfig config, ParameterSource words) {
        if (!config.projector().endsWith("_norm")) {
            return Map.of();
        }
        int depth = Integer.parseInt(config.projector().replaceAll("\\D+", ""));
        try (var _ = TensorScope.open()) {
            var shape = words.stored("model.embed_tokens.weight")
                    .orElseThrow(
                            () -> new AerieException("the language model has no tensor model.embed_tokens.weight"));
            var table = words.parameter("model.embed_tokens.weight", shape).to(DType.F32);
            double scale = Math.sqrt(table.times(table).mean().item());
            return Map.of("model.mm_projector." + (2 * depth - 1) + ".weight", scale);
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

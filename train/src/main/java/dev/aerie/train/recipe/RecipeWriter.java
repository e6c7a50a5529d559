package dev.aerie.train.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Writes recipes with everything said.
final class RecipeWriter {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    private RecipeWriter() {}

    static String yaml(Recipe recipe) {
        var top = new LinkedHashMap<String, Object>();
        top.put("recipe", recipe.name());
        putUnlessEmpty(top, "description", recipe.description());
        putUnlessEmpty(top, "model", recipe.model());
        var stages = new ArrayList<Object>();
        recipe.stages().forEach(stage -> stages.add(stage(stage)));
        top.put("stages", stages);
        return MAPPER.writeValueAsString(top);
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, String text) {
        if (!text.isEmpty()) {
            map.put(key, text);
        }
    }

    private static Map<String, Object> stage(Stage stage) {
        var map = new LinkedHashMap<String, Object>();
        map.put("stage", stage.name());
        map.put("learn", stage.learn());
        if (stage.eachExpert()) {
            map.put("each", "expert");
        }
        map.put("data", data(stage.data()));
        map.put(
                "batch",
                ordered(
                        "global", stage.batch().global(),
                        "micro", stage.batch().micro(),
                        "parts", stage.batch().parts()));
        map.put("schedule", schedule(stage.pace()));
        var optimiser = stage.optimiser();
        map.put(
                "optimiser",
                ordered(
                        "betas",
                        List.of(optimiser.beta1(), optimiser.beta2()),
                        "epsilon",
                        optimiser.epsilon(),
                        "weightDecay",
                        optimiser.weightDecay()));
        map.put("clip", stage.clip());
        map.put("precision", Stage.label(stage.precision()));
        map.put("recompute", stage.recompute());
        map.put("lossChunk", stage.lossChunk());
        stage.lora().ifPresent(lora -> map.put("lora", lora(lora)));
        if (!stage.from().isPrevious()
                || !stage.from().projectorKind().equals(Stage.From.MLP)
                || stage.from().fusion().isPresent()
                || !stage.from().inputs().isEmpty()
                || stage.from().tiling().isPresent()) {
            map.put("from", from(stage.from()));
        }
        stage.to().ifPresent(to -> map.put("to", to.toString()));
        var keep = stage.keep();
        var kept = ordered("last", keep.last(), "best", keep.best(), "every", keep.every());
        if (keep.exportsBest()) {
            kept.put("export", "best");
        }
        map.put("keep", kept);
        stage.validation().ifPresent(validation -> {
            var fields =
                    ordered("mixture", validation.mixture(), "every", validation.every(), "count", validation.count());
            putUnlessEmpty(fields, "folder", validation.folder().toString());
            validation.maxLength().ifPresent(longest -> fields.put("maxLength", longest));
            map.put("validation", fields);
        });
        map.put("seed", stage.seed());
        stage.ema().ifPresent(decay -> map.put("ema", decay));
        return map;
    }

    private static Map<String, Object> data(Stage.Data data) {
        var map = ordered("mixture", data.mixture());
        putUnlessEmpty(map, "folder", data.folder().toString());
        data.template().ifPresent(template -> map.put("template", template));
        map.put("aspect", Stage.label(data.aspect()));
        map.put("maxLength", data.maxLength());
        map.put("rows", Stage.label(data.rows()));
        map.put("order", Stage.label(data.order()));
        map.put("seed", data.seed());
        return map;
    }

    private static Map<String, Object> schedule(Pace pace) {
        var map = ordered("kind", Stage.label(pace.kind()));
        switch (pace.warmup()) {
            case Pace.Warmup.Ratio(var share) -> map.put("warmup", share);
            case Pace.Warmup.Steps(var count) -> map.put("warmup", count);
        }
        map.put("floor", pace.floor());
        switch (pace.length()) {
            case Pace.Length.Epochs(var passes) -> map.put("epochs", passes);
            case Pace.Length.Steps(var count) -> map.put("steps", count);
        }
        return map;
    }

    private static Map<String, Object> lora(Stage.Lora lora) {
        return ordered("rank", lora.rank(), "alpha", lora.alpha(), "targets", lora.targets(), "rate", lora.rate());
    }

    private static Map<String, Object> from(Stage.From from) {
        var map = new LinkedHashMap<String, Object>();
        from.checkpoint().ifPresent(path -> map.put("checkpoint", path.toString()));
        if (!from.experts().isEmpty()) {
            var experts = new LinkedHashMap<String, Object>();
            from.experts().forEach((tower, path) -> experts.put(tower, path.toString()));
            map.put("experts", experts);
        }
        from.language().ifPresent(path -> map.put("language", path.toString()));
        from.projector().ifPresent(path -> map.put("projector", path.toString()));
        from.fresh().ifPresent(path -> map.put("fresh", path.toString()));
        map.put("projectorKind", from.projectorKind());
        from.fusion().ifPresent(fusion -> {
            var sizes = new LinkedHashMap<String, Object>();
            sizes.put("method", fusion.method().label());
            sizes.putAll(new TreeMap<>(fusion.sizes()));
            map.put("fusion", sizes);
        });
        if (!from.inputs().isEmpty()) {
            var sides = new TreeMap<String, Object>();
            from.inputs().forEach((expert, side) -> sides.put(expert.tower(), side));
            map.put("inputs", sides);
        }
        from.tiling().ifPresent(tiling -> map.put("tiling", tiling.toString()));
        return map;
    }

    /// Keys and values by turns.
    private static LinkedHashMap<String, Object> ordered(Object... entries) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }
}

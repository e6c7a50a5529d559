package dev.aerie.cli;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Inspection;
import dev.aerie.nn.HeaderSource;
import dev.aerie.weights.TensorHeader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What `inspect` finds, as JSON objects of one line.
final class InspectionJson {

    private InspectionJson() {}

    static String of(Inspection inspection) {
        var json = new LinkedHashMap<String, Object>();
        json.put("path", inspection.path().toString());
        json.put("architecture", inspection.architecture());
        inspection.config().ifPresent(config -> {
            json.put("language", language(config));
            json.put(
                    "towers",
                    config.towers().isEmpty()
                            ? List.of()
                            : List.of(config.towers().split(";", -1)));
            json.put("projector", config.projector());
        });
        var files = new LinkedHashMap<String, Long>();
        inspection.fileBytes().forEach((file, bytes) -> files.put(String.valueOf(file.getFileName()), bytes));
        json.put("files", files);
        json.put("bytes", files.values().stream().mapToLong(Long::longValue).sum());
        var types = new LinkedHashMap<String, Object>();
        inspection
                .types()
                .forEach((type, amount) ->
                        types.put(type.name(), Map.of("tensors", amount.tensors(), "bytes", amount.bytes())));
        json.put("types", types);
        json.put(
                "parameters",
                inspection.parameters().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        json.put("parameters_by_part", inspection.parameters());
        json.put(
                "missing",
                inspection.misfits().stream()
                        .filter(misfit -> misfit.found().isEmpty())
                        .map(HeaderSource.Misfit::name)
                        .toList());
        json.put(
                "wrong_shape",
                inspection.misfits().stream()
                        .filter(misfit -> misfit.found().isPresent())
                        .map(misfit -> Map.of(
                                "name", misfit.name(),
                                "needed", misfit.needed(),
                                "found", misfit.found().map(TensorHeader::shape).orElseThrow()))
                        .toList());
        json.put("unexpected", inspection.unexpected());
        json.put("notes", inspection.notes());
        return JsonMapper.shared().writeValueAsString(json);
    }

    static String of(TensorHeader tensor) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", tensor.name());
        json.put("dtype", tensor.dtype().name());
        json.put("shape", tensor.shape());
        json.put("file", String.valueOf(tensor.file().getFileName()));
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static Map<String, Object> language(EagleConfig config) {
        var language = config.language();
        var json = new LinkedHashMap<String, Object>();
        json.put("layers", language.layers());
        json.put("hidden", language.hidden());
        json.put("heads", language.heads());
        json.put("kv_heads", language.kvHeads());
        json.put("mlp", language.mlp());
        json.put("vocabulary", language.vocabulary());
        json.put("context", language.maxPositions());
        return json;
    }
}

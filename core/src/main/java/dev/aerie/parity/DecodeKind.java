package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Picture files as Pillow decodes them to RGB: exactly, or within the mean and largest difference that a lossy format
/// is allowed. Every file in the folder `broken` beside the table must end in an error of one line.
public final class DecodeKind implements Kind {

    @Override
    public String name() {
        return "decode";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var item : file.json().required("cases")) {
            var name = item.required("file").asString();
            outcomes.add(Outcomes.guarded(name(), name, () -> measures(file.folder(), item)));
        }
        for (var broken : files(file.folder().resolve("broken"))) {
            outcomes.add(new Outcome(name(), "broken/" + broken.getFileName(), List.of(refusal(broken))));
        }
        return outcomes;
    }

    private static List<Measure> measures(Path folder, JsonNode item) {
        var actual = Pictures.read(folder.resolve(item.required("file").asString()));
        var measures = new ArrayList<Measure>();
        measures.add(Measure.exact("width", item.required("width").asInt(), actual.width()));
        measures.add(Measure.exact("height", item.required("height").asInt(), actual.height()));
        var tolerance = item.required("tolerance");
        if (!tolerance.isObject()) {
            measures.add(Measure.exact("sha256", item.required("sha256").asString(), actual.sha256()));
            return measures;
        }
        var expected = Pictures.read(folder.resolve(item.required("rgb").asString()));
        measures.add(Measure.exact("rgb sha256", item.required("sha256").asString(), expected.sha256()));
        if (expected.rgb().length == actual.rgb().length) {
            measures.addAll(differences(expected, actual, tolerance));
        }
        return measures;
    }

    private static List<Measure> differences(Picture expected, Picture actual, JsonNode tolerance) {
        var sum = 0L;
        var largest = 0;
        for (var i = 0; i < expected.rgb().length; i++) {
            var difference = Math.abs((expected.rgb()[i] & 0xFF) - (actual.rgb()[i] & 0xFF));
            sum += difference;
            largest = Math.max(largest, difference);
        }
        return List.of(
                Measure.of(
                        "mean",
                        (double) sum / expected.rgb().length,
                        tolerance.required("mean_abs").asDouble()),
                Measure.of("max", largest, tolerance.required("max_abs").asDouble()));
    }

    private static Measure refusal(Path broken) {
        try {
            var picture = Pictures.read(broken);
            return Measure.failed("refused", "was read as " + picture);
        } catch (AerieException e) {
            var message = String.valueOf(e.getMessage());
            return message.lines().count() == 1
                    ? Measure.of("refused", 0, 0)
                    : Measure.failed("refused", "the message has not one line: " + message);
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new AerieException("cannot list " + folder + ": " + e.getMessage(), e);
        }
    }
}

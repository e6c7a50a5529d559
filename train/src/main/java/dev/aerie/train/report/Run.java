package dev.aerie.train.report;

import dev.aerie.AerieException;
import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.SampleLog;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What lies in a run's folder. Whatever is not there is empty.
record Run(
        RunFolder folder,
        String name,
        List<StepLog> steps,
        List<ValidationLog> validations,
        List<SampleLog> samples,
        Optional<String> recipe,
        Optional<DataCounts> data,
        Optional<JsonNode> plan) {

    private static final long MOST_BYTES = 16 << 20;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    static Run read(RunFolder folder, String name) {
        return new Run(
                folder,
                name,
                JsonLines.read(folder.log(), StepLog.class),
                JsonLines.read(folder.validation(), ValidationLog.class),
                JsonLines.read(folder.samples(), SampleLog.class),
                text(folder.recipe()),
                text(folder.data()).map(json -> parse(folder.data(), json, DataCounts.class)),
                text(folder.plan()).map(json -> parse(folder.plan(), json, JsonNode.class)));
    }

    private static Optional<String> text(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new AerieException("cannot read " + file + ": it has " + Files.size(file)
                        + " bytes, expected at most " + MOST_BYTES);
            }
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new AerieException("cannot read " + file + " (" + e + ")", e);
        }
    }

    private static <T> T parse(Path file, String json, Class<T> type) {
        try {
            var value = MAPPER.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException | NullPointerException e) {
            throw new AerieException("cannot read " + file + ": it is damaged (" + firstLine(e) + "); remove it", e);
        }
        throw new AerieException("cannot read " + file + ": it says null; remove it");
    }

    private static String firstLine(Exception e) {
        return e instanceof JacksonException json ? json.getOriginalMessage() : "a value is missing";
    }
}

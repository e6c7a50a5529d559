package dev.aerie.cli;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file of questions, a JSON object a line: `{"question": …, "images": [FILE, …]}`. Pictures lie
/// beside the file.
final class QuestionFile {

    /// A question; its pictures are read when its turn comes.
    record Line(String text, List<Path> images) {}

    private QuestionFile() {}

    /// Reads all of them.
    ///
    /// @throws AerieException if a line is no question, or is about a file that is not there
    static List<Line> read(Path file) {
        var batch = new ArrayList<Line>();
        try {
            for (var text : Files.readAllLines(file)) {
                if (!text.isBlank()) {
                    batch.add(parse(text, file, batch.size() + 1));
                }
            }
        } catch (IOException e) {
            throw new AerieException("cannot read the questions in " + file + ": " + e.getMessage(), e);
        }
        if (batch.isEmpty()) {
            throw new AerieException("there are no questions in " + file);
        }
        return batch;
    }

    private static Line parse(String text, Path file, int number) {
        try {
            var record = JsonMapper.shared().readTree(text);
            var images = new ArrayList<Path>();
            for (var image : images(record, number, file)) {
                images.add(file.resolveSibling(image));
                if (!Files.isRegularFile(images.getLast())) {
                    throw new AerieException("question " + number + " in " + file + " is about " + images.getLast()
                            + ", but there is no such file");
                }
            }
            if (!record.path("question").isString()) {
                throw new AerieException("question " + number + " in " + file + " has no text under \"question\"");
            }
            return new Line(record.get("question").asString(), images);
        } catch (JacksonException e) {
            throw new AerieException(
                    "question " + number + " in " + file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static boolean isNone(JsonNode field) {
        return field.isMissingNode() || field.isNull();
    }

    /// `images`, a list, or one file as `image`, which LLaVA's records have.
    private static List<String> images(JsonNode record, int number, Path file) {
        var one = record.path("image");
        var several = record.path("images");
        boolean right = isNone(one)
                ? isNone(several) || several.isArray() && several.valueStream().allMatch(JsonNode::isString)
                : isNone(several) && one.isString();
        if (!right) {
            throw new AerieException("cannot tell the pictures of question " + number + " in " + file
                    + ": expected \"images\": [FILE, …] or \"image\": FILE");
        }
        return one.isString()
                ? List.of(one.stringValue())
                : several.valueStream().map(JsonNode::stringValue).toList();
    }
}

package dev.aerie.text;

import dev.aerie.AerieException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The ids that stand before and after every text: what the `post_processor` of a `tokenizer.json` adds to a single
/// sequence. Read here and not left to the native library, which takes the process down over a template that names a
/// token it does not define.
record Frame(int[] before, int[] after) {

    static final Frame NONE = new Frame(new int[0], new int[0]);

    /// `name` says in errors which file it is.
    static Frame read(JsonNode processor, String name) {
        return switch (processor.path("type").asString("")) {
            case "", "ByteLevel" -> NONE;
            case "TemplateProcessing" -> template(processor, name);
            case "BertProcessing", "RobertaProcessing" ->
                new Frame(
                        new int[] {id(processor.path("cls").path(1), name)},
                        new int[] {id(processor.path("sep").path(1), name)});
            case "Sequence" ->
                processor
                        .path("processors")
                        .valueStream()
                        .map(each -> read(each, name))
                        .reduce(NONE, Frame::within);
            default -> throw broken(name, "its type " + processor.path("type") + " is unknown");
        };
    }

    /// This frame with another one around it.
    private Frame within(Frame outer) {
        return new Frame(join(outer.before, before), join(after, outer.after));
    }

    private static Frame template(JsonNode processor, String name) {
        var before = IntStream.builder();
        var after = IntStream.builder();
        var texts = 0;
        for (var piece : processor.path("single")) {
            if (piece.has("Sequence")) {
                texts++;
                continue;
            }
            var token = piece.path("SpecialToken").path("id").asString("");
            var ids = processor.path("special_tokens").path(token).path("ids");
            if (!ids.isArray()) {
                throw broken(name, "it does not define its token \"" + token + "\"");
            }
            for (var id : ids) {
                (texts == 0 ? before : after).add(id(id, name));
            }
        }
        if (texts != 1) {
            throw broken(name, "its template for a single text holds " + texts + " texts, not one");
        }
        return new Frame(before.build().toArray(), after.build().toArray());
    }

    private static int id(JsonNode node, String name) {
        if (!node.isInt() || node.intValue() < 0) {
            throw broken(name, "it needs the id of a token where it has " + (node.isMissingNode() ? "nothing" : node));
        }
        return node.intValue();
    }

    /// The ids of a text, framed.
    int[] around(int[] ids) {
        return join(before, ids, after);
    }

    private static int[] join(int[]... parts) {
        return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
    }

    private static AerieException broken(String name, String what) {
        return new AerieException(
                "cannot use the post_processor of " + name + ": " + what + "; the file is damaged, fetch it again");
    }
}

package dev.aerie.train.start;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The token that the reference adds to a vocabulary which has neither one that fills rows nor one for the unknown,
/// such as Llama 3's: `<pad>`, behind all others. Its rows of the embedding and of the output layer begin as the mean
/// of the others (Eagle §4.10).
///
/// @param id its number
public record PadToken(int id) {

    private static final String TEXT = "<pad>";
    private static final String ROLE = "pad_token";

    /// The token that the vocabulary of a folder lacks; empty if it lacks none.
    public static Optional<PadToken> missing(Path folder) {
        var words = Tokenizer.open(folder);
        return words.pad().isPresent() || words.unk().isPresent()
                ? Optional.empty()
                : Optional.of(new PadToken(words.id(TEXT).orElse(words.size())));
    }

    /// Adds the token to the files of a tokenizer.
    public void writeTo(Path folder) {
        edit(folder.resolve("tokenizer.json"), json -> {
            if (json.path("added_tokens") instanceof ArrayNode added
                    && added.valueStream()
                            .noneMatch(each -> each.path("content").asString("").equals(TEXT))) {
                added.add(token().put("id", id));
            }
        });
        edit(folder.resolve("tokenizer_config.json"), json -> {
            json.put(ROLE, TEXT);
            if (json.path("added_tokens_decoder") instanceof ObjectNode decoder) {
                decoder.set(Integer.toString(id), token());
            }
        });
        edit(folder.resolve("special_tokens_map.json"), json -> json.put(ROLE, TEXT));
    }

    private static ObjectNode token() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("content", TEXT)
                .put("lstrip", false)
                .put("normalized", false)
                .put("rstrip", false)
                .put("single_word", false)
                .put("special", true);
    }

    private interface Change {
        void to(ObjectNode json);
    }

    /// A file that is not there needs no change.
    private static void edit(Path file, Change change) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(file));
            if (!(json instanceof ObjectNode object)) {
                throw new AerieException("cannot add " + TEXT + " to " + file + ": it is no JSON object");
            }
            change.to(object);
            AtomicFile.write(file, object.toPrettyString() + "\n");
        } catch (IOException | JacksonException e) {
            throw new AerieException("cannot add " + TEXT + " to " + file + ": it cannot be read; fetch it again", e);
        }
    }
}

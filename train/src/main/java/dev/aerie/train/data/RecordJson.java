package dev.aerie.train.data;

import dev.aerie.text.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One record in LLaVA's JSON: `{id, image?, conversations: [{from, value}]}`. Other fields are ignored; an `image`
/// that is null counts as none.
final class RecordJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RecordJson() {}

    /// Parses the bytes of a record; `where` says in errors where they stand.
    static Record parse(byte[] utf8, String where) {
        var json = tree(utf8, where);
        if (!json.isObject()) {
            throw wrong("the record" + where, "an object", json);
        }
        var id = json.path("id");
        if (!id.isMissingNode() && !id.isNull() && !id.isString() && !id.isIntegralNumber()) {
            throw wrong("id of the record" + where, "a text or a whole number", id);
        }
        var image = json.path("image");
        if (!image.isMissingNode() && !image.isNull() && !image.isString()) {
            throw wrong("image of the record" + where, "the name of one picture", image);
        }
        return new Record(
                id.isNull() ? "" : id.asString(""),
                image.isString() ? Optional.of(image.stringValue()) : Optional.empty(),
                conversation(json.path("conversations"), where));
    }

    /// The messages of a `conversations` array.
    static List<Message> conversation(JsonNode json, String where) {
        if (!json.isArray()) {
            throw wrong("conversations of the record" + where, "an array of messages", json);
        }
        var messages = new ArrayList<Message>();
        for (var message : json) {
            messages.add(new Message(text(message, "from", where), text(message, "value", where)));
        }
        return messages;
    }

    static JsonNode tree(byte[] utf8, String where) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return MAPPER.readTree(text.toString());
        } catch (CharacterCodingException e) {
            throw new RecordException(Flaw.UNREADABLE, "what stands" + where + " is not valid UTF-8", e);
        } catch (JacksonException e) {
            throw new RecordException(
                    Flaw.UNREADABLE, "what stands" + where + " is not valid JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static String text(JsonNode message, String field, String where) {
        var value = message.path(field);
        if (!value.isString()) {
            throw wrong(field + " of a message of the record" + where, "a text", value);
        }
        return value.stringValue();
    }

    private static RecordException wrong(String what, String expected, JsonNode found) {
        var text = found.isMissingNode() ? "missing" : found.toString();
        var shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return new RecordException(Flaw.WRONG_TYPE, what + " is " + shown + ", expected " + expected);
    }
}

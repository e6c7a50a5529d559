package dev.aerie.weights;

import dev.aerie.AerieException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON token by token and takes nothing that is not exactly expected: no key twice, no other type, nothing
/// behind the end. Names are not pooled, so that no choice of names makes it slow.
final class StrictJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private final JsonParser parser;
    private final Path file;
    private final String what;

    private StrictJson(JsonParser parser, Path file, String what) {
        this.parser = parser;
        this.file = file;
        this.what = what;
    }

    /// Parses all of `utf8`; `what` names it in errors ("the header").
    static <T> T parse(Path file, String what, byte[] utf8, Function<StrictJson, T> reader) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), decoded(file, what, utf8))) {
            var json = new StrictJson(parser, file, what);
            var result = reader.apply(json);
            if (parser.nextToken() != null) {
                throw json.unexpected("nothing more");
            }
            return result;
        } catch (JacksonException e) {
            throw fault(file, what + " is not valid JSON (" + e.getOriginalMessage() + ")");
        }
    }

    private static String decoded(Path file, String what, byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault(file, what + " is not valid UTF-8");
        }
    }

    /// Reads an object; `field` is called with each name and must read its value.
    void object(Consumer<String> field) {
        expect(JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            field.accept(parser.currentName());
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw unexpected("the end of an object");
        }
    }

    String string() {
        expect(JsonToken.VALUE_STRING, "a string");
        return parser.getString();
    }

    /// An array of at most `most` integers that are not negative.
    long[] sizes(int most) {
        expect(JsonToken.START_ARRAY, "an array");
        var values = new long[most];
        var count = 0;
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            if (count == most) {
                throw unexpected("at most " + most + " numbers");
            }
            values[count] = parser.getLongValue();
            if (values[count++] < 0) {
                throw unexpected("no negative number");
            }
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw unexpected("an integer");
        }
        return Arrays.copyOf(values, count);
    }

    void skip() {
        parser.nextToken();
        parser.skipChildren();
    }

    private void expect(JsonToken expected, String name) {
        if (parser.nextToken() != expected) {
            throw unexpected(name);
        }
    }

    private AerieException unexpected(String expected) {
        @Nullable String field = parser.currentName();
        var where = field == null ? "at its top" : "at " + Fault.quoted(field);
        return fault(file, what + " should have " + expected + " " + where);
    }

    private static AerieException fault(Path file, String problem) {
        return Fault.reading(file, problem, "the file is damaged or incomplete: fetch it again");
    }
}

package dev.aerie.evaluate.benchmark;

import dev.aerie.AerieException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The folder of a benchmark's authors' own files. Files of any size are read record by record.
public record OfficialFolder(Path root) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    static ObjectNode record() {
        return MAPPER.createObjectNode();
    }

    public boolean has(String name) {
        return Files.exists(root.resolve(name));
    }

    /// Names of the files and folders in a folder, sorted; none if there is no such folder.
    List<String> list(String folder) {
        if (!Files.isDirectory(root.resolve(folder))) {
            return List.of();
        }
        try (var files = Files.list(root.resolve(folder))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e.toString(), e);
        }
    }

    /// The lines of a text file.
    void lines(String name, Consumer<String> lines) {
        read(name, in -> {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                lines.accept(line);
            }
        });
    }

    /// The rows of a table of cells between tabs. Quoted ones hold whatever they hold, lines too, and quotes twice.
    void table(String name, Consumer<List<String>> rows) {
        read(name, in -> new TabTable(in).each(rows));
    }

    private interface Reading {
        void of(BufferedReader in) throws IOException;
    }

    private void read(String name, Reading reading) {
        try (BufferedReader in = Files.newBufferedReader(root.resolve(name))) {
            reading.of(in);
        } catch (CharacterCodingException e) {
            throw unreadable(name, "it is no UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(name, e.toString(), e);
        }
    }

    /// The objects of an array, of the array that a field of the file's object holds, or of a file with one a line.
    ///
    /// @param field empty for the file itself
    void each(String name, String field, Consumer<ObjectNode> objects) {
        try (var reader = open(name, field)) {
            while (reader.hasNext()) {
                objects.accept(reader.next());
            }
        }
    }

    /// The fields of an object whose values are objects.
    ///
    /// @param field that holds it; empty for the file itself
    void entries(String name, String field, BiConsumer<String, ObjectNode> entries) {
        try (var in = Files.newInputStream(root.resolve(name));
                var parser = MAPPER.createParser(in)) {
            enter(name, parser, field, JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var key = String.valueOf(parser.currentName());
                parser.nextToken();
                entries.accept(key, object(name, parser.readValueAsTree()));
            }
        } catch (IOException | JacksonException e) {
            throw damaged(name, e);
        }
    }

    /// Objects of an array one by one.
    Objects open(String name, String field) {
        try {
            var in = Files.newInputStream(root.resolve(name));
            try {
                var parser = MAPPER.createParser(in);
                var objects = new Objects(name, in, parser);
                if (field.isEmpty()) {
                    objects.begin();
                } else {
                    enter(name, parser, field, JsonToken.START_ARRAY);
                    parser.nextToken();
                }
                return objects;
            } catch (RuntimeException e) {
                in.close();
                throw e;
            }
        } catch (IOException | JacksonException e) {
            throw damaged(name, e);
        }
    }

    private void enter(String name, JsonParser parser, String field, JsonToken kind) {
        var token = parser.nextToken();
        if (!field.isEmpty()) {
            while (token == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = field.equals(parser.currentName());
                var value = parser.nextToken();
                if (found) {
                    token = value;
                    break;
                }
                parser.skipChildren();
                token = JsonToken.START_OBJECT;
            }
        }
        if (parser.currentToken() != kind || token != kind) {
            throw unreadable(
                    name,
                    "expected " + (kind == JsonToken.START_ARRAY ? "a list" : "an object")
                            + (field.isEmpty() ? "" : " in the field " + field),
                    null);
        }
    }

    private ObjectNode object(String name, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw unreadable(name, "expected an object for each record", null);
    }

    /// The objects of an array, read as they are asked for.
    final class Objects implements AutoCloseable {

        private final String name;
        private final InputStream in;
        private final JsonParser parser;

        private Objects(String name, InputStream in, JsonParser parser) {
            this.name = name;
            this.in = in;
            this.parser = parser;
        }

        private void begin() {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                parser.nextToken();
            }
        }

        boolean hasNext() {
            return parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY;
        }

        ObjectNode next() {
            if (!hasNext()) {
                throw new NoSuchElementException(name);
            }
            try {
                var object = object(name, parser.readValueAsTree());
                parser.nextToken();
                return object;
            } catch (JacksonException e) {
                throw damaged(name, e);
            }
        }

        @Override
        public void close() {
            try (in) {
                parser.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }

    private AerieException damaged(String name, Exception e) {
        return unreadable(
                name, e instanceof JacksonException j ? "it is damaged: " + j.getOriginalMessage() : e.toString(), e);
    }

    private AerieException unreadable(String name, String why, @Nullable Exception cause) {
        var message = "cannot read " + root.resolve(name) + ": " + why + "; fetch it again or check the folder";
        return cause == null ? new AerieException(message) : new AerieException(message, cause);
    }
}

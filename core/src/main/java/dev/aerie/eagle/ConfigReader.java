package dev.aerie.eagle;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads fields of a JSON file; a missing or wrong one is an error that names file and field.
record ConfigReader(Path file, JsonNode json) {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final long MOST_BYTES = 16 << 20;

    static ConfigReader open(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new AerieException("cannot open the checkpoint: there is no file " + file
                        + "; point to a folder in Hugging Face layout");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new AerieException(
                        "cannot read " + file + ": it has " + Files.size(file) + " bytes, which is no configuration");
            }
            var json = MAPPER.readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw new AerieException("cannot read " + file + ": expected a JSON object");
            }
            return new ConfigReader(file, json);
        } catch (IOException e) {
            throw new AerieException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new AerieException("cannot read " + file + ": it is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    int integer(String field) {
        var node = json.get(field);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw wrong(field, "a whole number");
        }
        return node.intValue();
    }

    int integer(String field, int otherwise) {
        return has(field) ? integer(field) : otherwise;
    }

    /// A size: at least 1 and small enough that products of two sizes do not overflow.
    int size(String field) {
        int value = integer(field);
        if (value < 1 || value > 1 << 24) {
            throw wrong(field, "a size between 1 and " + (1 << 24));
        }
        return value;
    }

    int size(String field, int otherwise) {
        return has(field) ? size(field) : otherwise;
    }

    double number(String field, double otherwise) {
        var node = json.get(field);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(field, "a number");
        }
        return node.doubleValue();
    }

    /// A number above 0.
    double positive(String field, double otherwise) {
        double value = number(field, otherwise);
        if (value <= 0) {
            throw wrong(field, "a number above 0");
        }
        return value;
    }

    boolean flag(String field, boolean otherwise) {
        var node = json.get(field);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return node.booleanValue();
    }

    String text(String field, String otherwise) {
        var node = json.get(field);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isString()) {
            throw wrong(field, "a text");
        }
        return node.stringValue();
    }

    String text(String field) {
        if (!has(field)) {
            throw wrong(field, "a text");
        }
        return text(field, "");
    }

    /// The object under `field`; its own errors name the same file.
    ConfigReader object(String field) {
        var node = json.get(field);
        if (node == null || !node.isObject()) {
            throw wrong(field, "an object");
        }
        return new ConfigReader(file, node);
    }

    AerieException wrong(String field, String expected) {
        return new AerieException(
                "cannot read " + file + ": field " + field + " is " + json.get(field) + ", expected " + expected);
    }
}

package dev.aerie.evaluate.benchmark;

import dev.aerie.AerieException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A record of a data set: its columns by their published names, pictures left out.
///
/// @param where names the record in errors
public record Fields(String where, ObjectNode json) {

    /// A text, or a number as text.
    public String text(String column) {
        return optional(column).orElseThrow(() -> wrong(column, "a text"));
    }

    /// A text, if there is one.
    public Optional<String> optional(String column) {
        var value = json.path(column);
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asString()) : Optional.empty();
    }

    /// A text; empty where there is none.
    public String textIfAny(String column) {
        return optional(column).orElse("");
    }

    /// A list of texts, or a single one.
    public List<String> texts(String column) {
        var value = json.path(column);
        if (value.isArray()) {
            return value.valueStream()
                    .filter(each -> each.isValueNode() && !each.isNull())
                    .map(JsonNode::asString)
                    .toList();
        }
        return optional(column).map(List::of).orElseThrow(() -> wrong(column, "a list of texts"));
    }

    /// A list of texts; empty where there is none.
    public List<String> textsIfAny(String column) {
        return json.path(column).isNull() || json.path(column).isMissingNode() ? List.of() : texts(column);
    }

    /// A whole number, or a text that is one.
    public int integer(String column) {
        try {
            return Integer.parseInt(text(column).strip());
        } catch (NumberFormatException e) {
            throw wrong(column, "a whole number");
        }
    }

    AerieException wrong(String column, String expected) {
        return new AerieException(where + ": expected " + expected + " in the column " + column + ", found "
                + shortened(json.path(column)));
    }

    private static String shortened(JsonNode value) {
        if (value.isMissingNode()) {
            return "nothing";
        }
        var text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}

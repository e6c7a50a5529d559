package dev.aerie.lab.words;

import dev.aerie.AerieException;
import dev.aerie.lab.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How what is found is said: a template that is data, a JSON object with these fields.
///
/// @param thing   of a thing: `{colour}`, `{thing}`, `{place}`
/// @param holding the same of one that bears a text: `{text}`
/// @param text    of a text alone: `{text}`, `{place}`
public record Wording(String thing, String holding, String text) {

    private static final String NAME = "words.json";

    private static final List<String> ROWS = List.of("top", "", "bottom");
    private static final List<String> COLUMNS = List.of("left", "", "right");

    /// The shipped one, in the miniature's words.
    public static Wording shipped() {
        try (var stream = Wording.class.getResourceAsStream(NAME)) {
            return parse(NAME, Objects.requireNonNull(stream).readAllBytes());
        } catch (IOException e) {
            throw new AerieException("cannot read " + NAME + ": " + e, e);
        }
    }

    /// The one in a folder, if it has one, else the shipped one.
    public static Wording in(Path folder) {
        var file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return shipped();
        }
        try {
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AerieException("cannot read " + file + ": " + e, e);
        }
    }

    private static Wording parse(String name, byte[] json) {
        try {
            var fields = JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
            return new Wording(
                    field(name, fields, "thing"), field(name, fields, "holding"), field(name, fields, "text"));
        } catch (JacksonException e) {
            throw new AerieException("cannot read " + name + ": it is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static String field(String name, JsonNode fields, String field) {
        var value = fields.path(field);
        if (!value.isString()) {
            throw new AerieException("cannot read " + name + ": field " + field + " is missing; expected a text with"
                    + " places such as {thing}");
        }
        return value.stringValue();
    }

    /// What was found, in one line; empty where nothing was.
    public String say(Found found) {
        return Stream.concat(
                        found.things().stream().map(this::say),
                        found.texts().stream()
                                .map(each -> text.replace("{text}", each.text())
                                        .replace("{place}", place(each.x(), each.y()))))
                .collect(Collectors.joining(" "));
    }

    private String say(Found.Thing each) {
        var form = each.texts().isEmpty() ? thing : holding;
        return form.replace("{colour}", each.colour().word())
                .replace("{thing}", each.category().word())
                .replace("{place}", place(each.x(), each.y()))
                .replace("{text}", String.join(" ", each.texts()));
    }

    /// One of the nine places of a picture: `top left`, `middle`, ….
    private static String place(double x, double y) {
        var words = (ROWS.get(third(y)) + " " + COLUMNS.get(third(x))).strip();
        return words.isEmpty() ? "middle" : words;
    }

    private static int third(double at) {
        return (int) Math.clamp(3 * at / World.SIDE, 0, 2);
    }
}

package dev.aerie.text;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` say, joined as transformers 4.44.2
/// joins them: where the first lists `added_tokens_decoder`, the others are not read.
///
/// `roles` maps `bos_token`, `eos_token`, … to their tokens in transformers' order; `additional` are the special tokens
/// without a role; `added` are the added tokens by id.
record TokenizerConfig(
        Path file,
        JsonNode json,
        Map<String, AddedToken> roles,
        List<AddedToken> additional,
        Map<Integer, AddedToken> added) {

    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final String ADDITIONAL = "additional_special_tokens";
    private static final JsonMapper JSON = new JsonMapper();
    private static final int HIGHEST_ID = 1 << 24;

    static TokenizerConfig read(Path folder) {
        var file = folder.resolve("tokenizer_config.json");
        var json = readObject(file);
        var reading = new Reading(file);
        var decoder = json.path("added_tokens_decoder");
        if (!decoder.isMissingNode()) {
            for (var entry : reading.object("added_tokens_decoder", decoder).properties()) {
                reading.added(entry.getKey(), reading.token(entry.getKey(), entry.getValue(), false));
            }
        }
        reading.specials(json);
        if (decoder.isMissingNode()) {
            var map = folder.resolve("special_tokens_map.json");
            new Reading(map, reading).specials(readObject(map));
            var tokens = folder.resolve("added_tokens.json");
            new Reading(tokens, reading).addedTokens(readObject(tokens));
            var fast = folder.resolve("tokenizer.json");
            if (Files.exists(folder.resolve("tokenizer.model"))) {
                new Reading(fast, reading).fastTokens(readObject(fast));
            }
        }
        return reading.config(json);
    }

    /// An empty object where the file does not exist.
    static JsonNode readObject(Path file) {
        if (!Files.exists(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            var json = JSON.readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw new AerieException("cannot read " + file + ": it is no JSON object; fetch it again");
            }
            return json;
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read " + file + ": it is no valid JSON (" + firstLine(e.getOriginalMessage())
                            + "); fetch it again",
                    e);
        } catch (IOException e) {
            throw new AerieException("cannot read " + file + ": " + e, e);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /// The name of the Python class that the checkpoint was made with, empty if it says none.
    String tokenizerClass() {
        return json.path("tokenizer_class").asString("");
    }

    boolean flag(String name, boolean otherwise) {
        var value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new AerieException("cannot use " + file + ": " + name + " must be true or false, not " + value);
        }
        return value.booleanValue();
    }

    Optional<AddedToken> role(String name) {
        return Optional.ofNullable(roles.get(name));
    }

    /// Every special token once, those with a role first.
    List<AddedToken> specials() {
        var specials = new LinkedHashMap<String, AddedToken>();
        roles.values().forEach(token -> specials.putIfAbsent(token.content(), token));
        additional.forEach(token -> specials.putIfAbsent(token.content(), token));
        return List.copyOf(specials.values());
    }

    /// The same with a token for each role that the files leave open.
    TokenizerConfig withDefaults(Map<String, String> defaults) {
        var all = new LinkedHashMap<String, AddedToken>();
        for (var role : ROLES) {
            var token = roles.get(role);
            var otherwise = defaults.get(role);
            if (token != null) {
                all.put(role, token);
            } else if (otherwise != null) {
                all.put(role, AddedToken.special(otherwise));
            }
        }
        return new TokenizerConfig(file, json, all, additional, added);
    }

    /// Collects what the files say; `file` is named in errors.
    private static final class Reading {

        private final Path file;
        private final Map<String, AddedToken> roles;
        private final List<AddedToken> additional;
        private final Map<Integer, AddedToken> added;

        Reading(Path file) {
            this.file = file;
            this.roles = new LinkedHashMap<>();
            this.additional = new ArrayList<>();
            this.added = new LinkedHashMap<>();
        }

        Reading(Path file, Reading first) {
            this.file = file;
            this.roles = first.roles;
            this.additional = first.additional;
            this.added = first.added;
        }

        void specials(JsonNode json) {
            for (var role : ROLES) {
                var value = json.path(role);
                if (!value.isMissingNode() && !value.isNull()) {
                    roles.put(role, token(role, value, true));
                }
            }
            for (var value : json.path(ADDITIONAL)) {
                var token = token(ADDITIONAL, value, true);
                if (additional.stream().noneMatch(other -> other.content().equals(token.content()))) {
                    additional.add(token);
                }
            }
        }

        void addedTokens(JsonNode json) {
            var specials = config(json).specials();
            for (var entry : json.properties()) {
                var special =
                        specials.stream().anyMatch(token -> token.content().equals(entry.getKey()));
                added(
                        String.valueOf(entry.getValue()),
                        new AddedToken(entry.getKey(), false, false, false, !special, special));
            }
        }

        /// A `tokenizer.json` beside a `tokenizer.model` counts for its added tokens.
        void fastTokens(JsonNode json) {
            for (var token : json.path("added_tokens")) {
                added(token.path("id").toString(), token("added_tokens", token, false));
            }
        }

        void added(String id, AddedToken token) {
            var number = id.matches("\\d{1,8}") ? Integer.parseInt(id) : -1;
            if (number < 0 || number > HIGHEST_ID) {
                throw new AerieException("cannot use " + file + ": an added token must have an id from 0 to "
                        + HIGHEST_ID + ", not " + id);
            }
            added.put(number, token);
        }

        JsonNode object(String name, JsonNode value) {
            if (!value.isObject()) {
                throw new AerieException("cannot use " + file + ": " + name + " must be an object");
            }
            return value;
        }

        AddedToken token(String name, JsonNode value, boolean special) {
            var content = value.isString() ? value : object(name, value).path("content");
            if (!content.isString()) {
                throw new AerieException("cannot use " + file + ": " + name + " must be a token, as a string or as an "
                        + "object with a string \"content\"");
            }
            return value.isString()
                    ? new AddedToken(content.stringValue(), false, false, false, !special, special)
                    : new AddedToken(
                            content.stringValue(),
                            value.path("lstrip").asBoolean(false),
                            value.path("rstrip").asBoolean(false),
                            value.path("single_word").asBoolean(false),
                            value.path("normalized").asBoolean(!special),
                            special || value.path("special").asBoolean(false));
        }

        TokenizerConfig config(JsonNode json) {
            var ordered = new LinkedHashMap<String, AddedToken>();
            for (var role : ROLES) {
                var token = roles.get(role);
                if (token != null) {
                    ordered.put(role, sameAsAdded(token));
                }
            }
            return new TokenizerConfig(
                    file,
                    json,
                    ordered,
                    additional.stream().map(this::sameAsAdded).toList(),
                    Map.copyOf(added));
        }

        private AddedToken sameAsAdded(AddedToken token) {
            return added.values().stream()
                    .filter(other -> other.content().equals(token.content()))
                    .findFirst()
                    .orElse(token);
        }
    }
}

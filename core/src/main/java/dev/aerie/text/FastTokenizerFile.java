package dev.aerie.text;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A `tokenizer.json`, checked before native code sees it: what the native library would answer with a crash
/// rather than with an error is refused here. `frame` is its `post_processor`, which `json` lacks; `ids` are all
/// tokens, `added` those with rules of their own.
record FastTokenizerFile(
        Path path, ObjectNode json, JsonNode frame, Map<String, Integer> ids, Map<Integer, AddedToken> added) {

    private static final int HIGHEST_ID = 1 << 24;

    /// Reads the file and adds the tokens that `config` lists and the file lacks, with the ids the reference gives
    /// them.
    static FastTokenizerFile read(Path path, TokenizerConfig config) {
        var json = (ObjectNode) TokenizerConfig.readObject(path);
        var file =
                new FastTokenizerFile(path, json, json.path("post_processor"), new HashMap<>(), new LinkedHashMap<>());
        file.readVocabulary();
        file.readMerges();
        file.checkComponents(json);
        var tokens = json.path("added_tokens");
        var list = JsonNodeFactory.instance.arrayNode();
        for (var node : file.need("added_tokens", tokens, tokens.isArray() || tokens.isMissingNode(), "a list")) {
            file.add(file.addedToken(node), list);
        }
        config.added().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(token -> file.add(token.getValue(), list));
        config.specials().forEach(token -> file.add(token, list));
        json.set("added_tokens", list);
        json.putNull("post_processor");
        json.putNull("truncation");
        json.putNull("padding");
        return file;
    }

    private void readVocabulary() {
        var vocabulary = json.path("model").path("vocab");
        need("model.vocab", vocabulary, vocabulary.isObject() || vocabulary.isArray(), "a map or a list");
        var taken = new HashSet<Integer>();
        if (vocabulary.isObject()) {
            for (var entry : vocabulary.properties()) {
                var id = entry.getValue();
                need("the id of a token", id, isId(id) && taken.add(id.intValue()), "a number of its own");
                ids.put(entry.getKey(), id.intValue());
            }
        } else {
            var id = 0;
            for (var entry : vocabulary) {
                need("a token", entry, entry.path(0).isString() && entry.path(1).isNumber(), "[text, score]");
                ids.putIfAbsent(entry.path(0).stringValue(), id++);
            }
        }
        need("model.vocab", JsonNodeFactory.instance.numberNode(ids.size()), !ids.isEmpty(), "at least one token");
    }

    private void readMerges() {
        var merges = json.path("model").path("merges");
        need("model.merges", merges, merges.isArray() || merges.isMissingNode(), "a list");
        // The library cuts this prefix off the right token of a pair without looking.
        var prefix = json.path("model").path("continuing_subword_prefix").asString("");
        for (var merge : merges) {
            var pair = merge.isString() ? merge.stringValue().split(" ", -1) : strings(merge);
            var known = pair.length == 2 && ids.containsKey(pair[0]) && ids.containsKey(pair[1]);
            need("a merge", merge, known && pair[1].startsWith(prefix), "two tokens of the vocabulary");
        }
    }

    private static String[] strings(JsonNode list) {
        var strings = new String[list.size()];
        for (var i = 0; i < strings.length; i++) {
            strings[i] = list.path(i).asString("");
        }
        return strings;
    }

    /// Goes through all components: compiled tables must be sound, lengths positive, and nothing may be stripped from
    /// the end of a token, where the library reads past its beginning.
    private void checkComponents(JsonNode node) {
        if (!node.isObject()) {
            return;
        }
        var type = node.path("type").asString("");
        if (type.equals("Precompiled")) {
            var table = node.path("precompiled_charsmap");
            need("precompiled_charsmap", table, table.isString(), "a string");
            new Charsmap(decode(table.stringValue()), path.toString());
        }
        if (type.equals("FixedLength")) {
            need("length", node.path("length"), node.path("length").asInt(0) > 0, "positive");
        }
        if (type.equals("Strip") && node.has("stop")) {
            need("stop", node.path("stop"), node.path("stop").asInt(1) == 0, "0");
        }
        for (var child : Set.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            checkComponents(node.path(child));
        }
        for (var list : Set.of("normalizers", "pretokenizers", "processors", "decoders")) {
            node.path(list).forEach(this::checkComponents);
        }
    }

    private byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AerieException("cannot use " + path + ": precompiled_charsmap is no base64; fetch it again", e);
        }
    }

    private AddedToken addedToken(JsonNode node) {
        var content = node.path("content");
        need("the content of an added token", content, content.isString(), "a string");
        return new AddedToken(
                content.stringValue(),
                node.path("lstrip").asBoolean(false),
                node.path("rstrip").asBoolean(false),
                node.path("single_word").asBoolean(false),
                node.path("normalized").asBoolean(true),
                node.path("special").asBoolean(false));
    }

    private void add(AddedToken token, ArrayNode list) {
        var content = token.content();
        if (content.isEmpty()
                || added.values().stream().anyMatch(other -> other.content().equals(content))) {
            return;
        }
        var vocabulary = json.path("model").path("vocab").size();
        var next = Math.max(
                vocabulary, added.keySet().stream().mapToInt(id -> id + 1).max().orElse(0));
        var id = ids.computeIfAbsent(content, c -> next);
        added.put(id, token);
        list.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", token.singleWord())
                .put("lstrip", token.leftStrip())
                .put("rstrip", token.rightStrip())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }

    /// The file without the control tokens: the text `</s>` is then a text like any other. Their places in the
    /// vocabulary are kept under names that no text has.
    ObjectNode literal() {
        var literal = json.deepCopy();
        var list = JsonNodeFactory.instance.arrayNode();
        for (var node : json.path("added_tokens")) {
            var token = added.get(node.path("id").intValue());
            if (token == null || !token.isControl()) {
                list.add(node);
            }
        }
        literal.set("added_tokens", list);
        var model = (ObjectNode) literal.path("model");
        var unknown = model.path("unk_token").asString("");
        if (isControl(unknown)) {
            model.put("unk_token", hidden(unknown));
        }
        if (model.path("vocab") instanceof ObjectNode vocabulary) {
            var renamed = JsonNodeFactory.instance.objectNode();
            vocabulary
                    .properties()
                    .forEach(e -> renamed.set(isControl(e.getKey()) ? hidden(e.getKey()) : e.getKey(), e.getValue()));
            model.set("vocab", renamed);
        } else {
            for (var entry : model.path("vocab")) {
                var text = entry.path(0).stringValue();
                if (isControl(text)) {
                    ((ArrayNode) entry).set(0, hidden(text));
                }
            }
        }
        return literal;
    }

    private boolean isControl(String token) {
        var id = ids.get(token);
        var rules = id == null ? null : added.get(id);
        return rules != null && rules.isControl();
    }

    private static String hidden(String token) {
        return "\uE000" + token + "\uE001";
    }

    OptionalInt id(String token) {
        var id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private static boolean isId(JsonNode node) {
        return node.isInt() && node.intValue() >= 0 && node.intValue() <= HIGHEST_ID;
    }

    private JsonNode need(String what, JsonNode node, boolean condition, String expected) {
        if (!condition) {
            var text = node.toString();
            throw new AerieException("cannot use " + path + ": " + what + " must be " + expected + ", not "
                    + (text.length() > 60 ? text.substring(0, 60) + "…" : text.isEmpty() ? "missing" : text)
                    + "; fetch it again");
        }
        return node;
    }
}

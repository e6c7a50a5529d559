package dev.aerie.parity;

import dev.aerie.text.ImageSlots;
import dev.aerie.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The tokenizer in the file's folder: ids, tokens and text of its `encode`, `decode_random` and `image_prompts` lists.
public final class TokenizerKind implements Kind {

    @Override
    public String name() {
        return "tokenizer";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var tokenizer = Tokenizer.open(file.folder());
        var outcomes = new ArrayList<Outcome>();
        outcomes.add(new Outcome(
                name(),
                "vocabulary",
                List.of(
                        Measure.exact("vocab_size", json.path("vocab_size").intValue(), tokenizer.size()),
                        role("bos", json, tokenizer.bos()),
                        role("eos", json, tokenizer.eos()),
                        role("unk", json, tokenizer.unk()),
                        role("pad", json, tokenizer.pad()))));
        for (var each : json.path("encode")) {
            outcomes.add(Outcomes.guarded(name(), each.path("text").toString(), () -> encoded(tokenizer, each)));
        }
        for (var each : json.path("decode_random")) {
            outcomes.add(Outcomes.guarded(name(), "decode " + each.path("ids"), () -> decoded(tokenizer, each)));
        }
        for (var each : json.path("image_prompts")) {
            var prompt = each.path("prompt").stringValue();
            outcomes.add(Outcomes.guarded(
                    name(),
                    "prompt " + each.path("prompt"),
                    () -> List.of(ids("ids", ids(each.path("ids")), ImageSlots.encode(tokenizer, prompt)))));
        }
        return outcomes;
    }

    private static Measure role(String role, JsonNode json, OptionalInt actual) {
        var id = json.path(role);
        return Measure.exact(role, id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty(), actual);
    }

    private static List<Measure> encoded(Tokenizer tokenizer, JsonNode each) {
        var ids = tokenizer.encode(each.path("text").stringValue());
        var measures = new ArrayList<>(decoded(tokenizer, each));
        measures.add(ids("ids", ids(each.path("ids")), ids));
        measures.add(Measure.exact(
                "tokens",
                each.path("tokens").valueStream().map(JsonNode::stringValue).toList(),
                IntStream.of(ids).mapToObj(tokenizer::token).toList()));
        return measures;
    }

    private static List<Measure> decoded(Tokenizer tokenizer, JsonNode each) {
        var ids = ids(each.path("ids"));
        return List.of(
                Measure.exact("decoded", each.path("decoded").stringValue(), tokenizer.decode(ids, false)),
                Measure.exact(
                        "decoded_skip_special",
                        each.path("decoded_skip_special").stringValue(),
                        tokenizer.decode(ids, true)));
    }

    static int[] ids(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    static Measure ids(String field, int[] expected, int[] actual) {
        var at = Arrays.mismatch(expected, actual);
        return at < 0
                ? Measure.of(field, 0, 0)
                : Measure.failed(
                        field, "the first difference is at " + at + " of " + expected.length + " and " + actual.length);
    }
}

package dev.aerie.parity;

import dev.aerie.text.Template;
import dev.aerie.text.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Prompts of conversations, by template: the strings must be equal.
public final class PromptsKind implements Kind {

    @Override
    public String name() {
        return "prompts";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var each : file.json().path("cases")) {
            var template = each.path("template").stringValue();
            outcomes.add(Outcomes.guarded(
                    name(),
                    template + " " + each.path("turns"),
                    () -> List.of(Measure.exact(
                            "prompt",
                            each.path("prompt").stringValue(),
                            Template.named(template).prompt(turns(each.path("turns")))))));
        }
        return outcomes;
    }

    /// Turns in the reference's raw style, `[[question, answer or null], …]`.
    static List<Turn> turns(JsonNode json) {
        return json.valueStream()
                .map(turn -> Turn.marked(turn.path(0).stringValue(), answer(turn.path(1))))
                .toList();
    }

    private static @Nullable String answer(JsonNode json) {
        return json.isString() ? json.stringValue() : null;
    }
}

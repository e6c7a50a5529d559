package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.text.Labelled;
import dev.aerie.text.Labels;
import dev.aerie.text.Message;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Training samples of whole conversations: ids and labels. Where the reference lost the labels
/// (`reference_warning`), the learned ids must read as the answers and their ends; where it refused the record
/// (`reference_error`), so must we.
public final class MasksKind implements Kind {

    @Override
    public String name() {
        return "masks";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var json = file.json();
        var tokenizer = Tokenizer.open(file.folder());
        var template = Template.named(json.path("template").stringValue());
        var outcomes = new ArrayList<Outcome>();
        for (var each : json.path("cases")) {
            var conversation = each.path("conversations")
                    .valueStream()
                    .map(m -> new Message(
                            m.path("from").stringValue(), m.path("value").stringValue()))
                    .toList();
            var hasImage = each.path("has_image").booleanValue();
            // The reference cuts samples with pictures only after their visual tokens are in.
            var limit =
                    hasImage ? Integer.MAX_VALUE : json.path("model_max_length").intValue();
            var label = template.name() + " " + each.path("case").stringValue();
            outcomes.add(
                    new Outcome(name(), label, measures(tokenizer, template, each, conversation, hasImage, limit)));
        }
        return outcomes;
    }

    private static List<Measure> measures(
            Tokenizer tokenizer,
            Template template,
            JsonNode each,
            List<Message> conversation,
            boolean hasImage,
            int limit) {
        if (each.has("reference_error")) {
            return List.of(refusal(tokenizer, template, conversation, hasImage, limit));
        }
        var sample = Labels.encode(tokenizer, template, conversation, hasImage, limit);
        var ids = TokenizerKind.ids("input_ids", TokenizerKind.ids(each.path("input_ids")), sample.ids());
        var labels = each.has("reference_warning")
                ? answers(tokenizer, template, conversation, sample)
                : TokenizerKind.ids("labels", TokenizerKind.ids(each.path("labels")), sample.labels());
        return List.of(ids, labels);
    }

    private static Measure refusal(
            Tokenizer tokenizer, Template template, List<Message> conversation, boolean hasImage, int limit) {
        try {
            Labels.encode(tokenizer, template, conversation, hasImage, limit);
            return Measure.failed("refusal", "the record was accepted");
        } catch (AerieException e) {
            return Measure.of("refusal", 0, 0);
        }
    }

    /// Compares what the learned ids say, run by run and without white space, with the answers.
    private static Measure answers(
            Tokenizer tokenizer, Template template, List<Message> conversation, Labelled sample) {
        var expected = conversation.stream()
                .dropWhile(message -> message.from().equals("gpt"))
                .filter(message ->
                        message.from().equals("gpt") && !message.value().isEmpty())
                .map(message -> message.value() + template.stop());
        return Measure.exact("labels", spaceless(expected), spaceless(runs(tokenizer, sample)));
    }

    private static List<String> spaceless(Stream<String> texts) {
        return texts.map(text -> text.replaceAll("\\s", "")).toList();
    }

    private static Stream<String> runs(Tokenizer tokenizer, Labelled sample) {
        var runs = new ArrayList<String>();
        var labels = sample.labels();
        for (var from = 0; from < labels.length; from++) {
            var to = from;
            while (to < labels.length && labels[to] != Labels.IGNORE && labels[to] == sample.ids()[to]) {
                to++;
            }
            if (to > from) {
                runs.add(tokenizer.decode(Arrays.copyOfRange(labels, from, to), false));
                from = to;
            }
        }
        return runs.stream();
    }
}

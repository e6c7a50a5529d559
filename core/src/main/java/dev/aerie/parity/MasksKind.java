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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
            outcomes.add(Outcomes.guarded(
                    name(), label, () -> measures(tokenizer, template, each, conversation, hasImage, limit)));
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

    /// Compares what the learned ids say with what the answers and their ends, encoded alone, say; without white space.
    private static Measure answers(
            Tokenizer tokenizer, Template template, List<Message> conversation, Labelled sample) {
        var expected = conversation.stream()
                .skip(conversation.getFirst().from().equals("gpt") ? 1 : 0)
                .filter(message ->
                        message.from().equals("gpt") && !message.value().isEmpty())
                .map(message -> message.value() + template.stop())
                .map(answer -> text(tokenizer, withoutBos(tokenizer, tokenizer.encode(answer))))
                .collect(Collectors.joining());
        var learned = IntStream.range(0, sample.ids().length)
                .filter(i -> sample.labels()[i] != Labels.IGNORE)
                .map(i -> sample.labels()[i] == sample.ids()[i] ? i : -1)
                .toArray();
        if (IntStream.of(learned).anyMatch(i -> i < 0)) {
            return Measure.failed("labels", "a label differs from its id");
        }
        var ids = IntStream.of(learned).map(i -> sample.ids()[i]).toArray();
        return Measure.exact("labels", expected, text(tokenizer, ids));
    }

    private static int[] withoutBos(Tokenizer tokenizer, int[] ids) {
        var hasBos = ids.length > 0 && tokenizer.bos().stream().anyMatch(bos -> bos == ids[0]);
        return Arrays.copyOfRange(ids, hasBos ? 1 : 0, ids.length);
    }

    private static String text(Tokenizer tokenizer, int[] ids) {
        return tokenizer.decode(ids, false).replaceAll("\\s", "");
    }
}

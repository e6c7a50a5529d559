package dev.aerie.text;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Training samples out of conversations: the model learns the answers and the tokens that end them, nothing else
/// (Eagle's `preprocess_*` in `train.py`). The reference finds the answers again by counting tokens round by round and
/// gives up a sample where the count does not come out; here the template itself says where they are.
public final class Labels {

    /// The label of an id that is not learned.
    public static final int IGNORE = -100;

    private static final String HUMAN = "human";
    private static final String GPT = "gpt";

    private Labels() {}

    /// The ids and labels of a record, cut to `maxLength` ids. With `hasImage`, markers are first put where the
    /// reference wants them, and each becomes [ImageSlots#IMAGE]. Data sets are trusted: what looks like a control
    /// token is one, as in the reference.
    ///
    /// Refuses records that do not fit the template: a speaker that is neither `human` nor `gpt`, two messages of
    /// one speaker in a row, and for `plain` anything but a marker and a caption.
    public static Labelled encode(
            Tokenizer tokenizer, Template template, List<Message> conversation, boolean hasImage, int maxLength) {
        var messages = hasImage ? withMarkers(conversation, template) : conversation;
        var plain = template.style() == Template.Style.PLAIN;
        var parts = template.parts(plain ? caption(messages) : alternating(messages));
        Function<String, int[]> encode =
                hasImage || plain ? text -> ImageSlots.encode(tokenizer, text) : tokenizer::encode;

        var text = new StringBuilder();
        parts.forEach(part -> text.append(part.span().text()));
        var all = encode.apply(text.toString());
        var ids = Arrays.copyOf(all, Math.min(all.length, maxLength));
        var labels = new int[ids.length];
        Arrays.fill(labels, IGNORE);

        var trailing = trailing(tokenizer);
        var at = 0;
        for (var i = 0; i < parts.size(); ) {
            var learned = parts.get(i).learned();
            var from = at;
            for (; i < parts.size() && parts.get(i).learned() == learned; i++) {
                at += parts.get(i).span().text().length();
            }
            if (learned) {
                var first = encode.apply(text.substring(0, from)).length - trailing;
                if (first >= ids.length) {
                    break;
                }
                var end = encode.apply(text.substring(0, at)).length - trailing;
                for (var k = first; k < Math.min(end, ids.length); k++) {
                    labels[k] = ids[k];
                }
            }
        }
        return new Labelled(ids, labels);
    }

    /// The number of tokens that the tokenizer puts behind every text.
    private static int trailing(Tokenizer tokenizer) {
        var frame = tokenizer.encode("");
        var hasBos = frame.length > 0 && tokenizer.bos().stream().anyMatch(bos -> bos == frame[0]);
        return frame.length - (hasBos ? 1 : 0);
    }

    /// Eagle's `preprocess_multimodal`: a record whose first message has no marker gets one there, and in every message
    /// with markers a single one goes to the front.
    static List<Message> withMarkers(List<Message> conversation, Template template) {
        var messages = new ArrayList<Message>();
        for (var message : conversation) {
            var value = message.value();
            var marker = value.contains(ImageSlots.MARKER);
            if (marker || messages.isEmpty()) {
                var words = Whitespace.strip(value.replace(ImageSlots.MARKER, ""));
                value = Whitespace.strip(ImageSlots.MARKER + "\n" + words)
                        .replace(ImageSlots.MARKER, template.imageFrame());
            }
            messages.add(new Message(message.from(), value));
        }
        return messages;
    }

    /// The messages from the first one of the human on.
    private static List<List<Span>> alternating(List<Message> conversation) {
        if (conversation.isEmpty()) {
            throw new AerieException("cannot make a sample of a conversation without messages; drop the record");
        }
        var skip = conversation.getFirst().from().equals(GPT) ? 1 : 0;
        var spans = new ArrayList<List<Span>>();
        for (var i = skip; i < conversation.size(); i++) {
            var message = conversation.get(i);
            var expected = (i - skip) % 2 == 0 ? HUMAN : GPT;
            if (!message.from().equals(expected)) {
                throw new AerieException(
                        "cannot make a sample of a conversation whose message " + (i + 1) + " is from \""
                                + message.from() + "\": " + HUMAN + " and " + GPT + " must take turns, so " + expected
                                + " was expected; correct or drop the record");
            }
            spans.add(said(message.value()));
        }
        return spans;
    }

    private static List<List<Span>> caption(List<Message> conversation) {
        if (conversation.size() != 2 || !conversation.getFirst().value().contains(ImageSlots.MARKER)) {
            throw new AerieException("cannot make a caption sample of a conversation of " + conversation.size()
                    + " messages: the plain template takes a message with " + ImageSlots.MARKER
                    + " and its caption; use another template or drop the record");
        }
        return List.of(said(ImageSlots.MARKER), said(conversation.get(1).value()));
    }

    private static List<Span> said(String text) {
        return text.isEmpty() ? List.of() : List.of(Span.trusted(text));
    }
}

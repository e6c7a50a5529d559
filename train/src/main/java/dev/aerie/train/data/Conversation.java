package dev.aerie.train.data;

import dev.aerie.text.ImageSlots;
import dev.aerie.text.Message;
import java.util.ArrayList;
import java.util.List;

/// What a record's conversation must be for a model to learn from it.
final class Conversation {

    static final String HUMAN = "human";
    static final String GPT = "gpt";

    private Conversation() {}

    /// Refuses a record that teaches nothing or that is not what it seems.
    static void check(Record record) {
        var messages = spoken(record.conversation());
        for (var i = 0; i < messages.size(); i++) {
            var from = messages.get(i).from();
            if (!from.equals(HUMAN) && !from.equals(GPT)) {
                throw new RecordException(
                        Flaw.UNKNOWN_ROLE,
                        "message " + number(record, messages, i) + " is from '" + shown(from) + "', expected " + HUMAN
                                + " or " + GPT);
            }
        }
        for (var i = 0; i < messages.size(); i++) {
            var expected = i % 2 == 0 ? HUMAN : GPT;
            if (!messages.get(i).from().equals(expected)) {
                throw new RecordException(
                        Flaw.ROLE_ORDER,
                        "message " + number(record, messages, i) + " is from "
                                + messages.get(i).from() + ", expected " + expected + ", since they take turns");
            }
        }
        if (messages.size() < 2) {
            throw new RecordException(Flaw.NO_ANSWER, "nobody answers: expected a message from human and one from gpt");
        }
        for (var i = 1; i < messages.size(); i += 2) {
            if (messages.get(i).value().isBlank()) {
                throw new RecordException(
                        Flaw.EMPTY_ANSWER, "message " + number(record, messages, i) + ", an answer, says nothing");
            }
        }
        if (record.image().isEmpty()
                && messages.stream().anyMatch(message -> message.value().contains(ImageSlots.MARKER))) {
            throw new RecordException(
                    Flaw.STRAY_MARKER, "it has a place for a picture (" + ImageSlots.MARKER + ") and names none");
        }
    }

    /// The messages without an answer that nobody asked for: as in the reference, a conversation begins with a
    /// question.
    static List<Message> spoken(List<Message> conversation) {
        var skips = !conversation.isEmpty() && conversation.getFirst().from().equals(GPT);
        return skips ? conversation.subList(1, conversation.size()) : conversation;
    }

    /// Each question with its answer as a conversation of its own.
    static List<List<Message>> exchanges(List<Message> conversation) {
        var messages = spoken(conversation);
        var exchanges = new ArrayList<List<Message>>();
        for (var i = 0; i + 1 < messages.size(); i += 2) {
            exchanges.add(messages.subList(i, i + 2));
        }
        return exchanges;
    }

    private static int number(Record record, List<Message> messages, int index) {
        return record.conversation().size() - messages.size() + index + 1;
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}

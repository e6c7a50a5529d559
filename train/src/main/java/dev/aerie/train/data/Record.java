package dev.aerie.train.data;

import dev.aerie.text.Message;
import java.util.List;
import java.util.Optional;

/// A training record as LLaVA's files have it.
///
/// @param id    empty where the file gives none
/// @param image the name of its picture, as a [PictureStore] knows it
@SuppressWarnings("JavaLangClash") // the field's word; nothing here needs the other one
public record Record(String id, Optional<String> image, List<Message> conversation) {

    public Record {
        conversation = List.copyOf(conversation);
    }

    /// What the reference's sampler calls its length (`eagle_trainer.py`): the words between white space in all
    /// messages, positive with a picture and negative without. Never 0: a record without words counts as one.
    public int length() {
        var words = conversation.stream()
                .mapToInt(message -> words(message.value()))
                .sum();
        return image.isPresent() ? Math.max(words, 1) : -Math.max(words, 1);
    }

    /// The words of a text as Python's `str.split` finds them.
    private static int words(String text) {
        var words = 0;
        var inside = false;
        for (var i = 0; i < text.length(); i++) {
            var white = isWhite(text.charAt(i));
            words += !white && !inside ? 1 : 0;
            inside = !white;
        }
        return words;
    }

    /// Java's notion of white space leaves out the non-breaking spaces and U+0085.
    private static boolean isWhite(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}

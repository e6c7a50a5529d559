package dev.aerie.text;

/// The text of ids that arrive one by one, special tokens left out. It never holds half a character, nor anything that
/// a later id would change; all pieces together are `decode(ids, true)`. Invalid bytes become U+FFFD.
public interface StreamingDecoder {

    /// The text that has become certain with this id, often empty.
    String next(int id);

    /// The rest of the text. The decoder is used up.
    String finish();
}

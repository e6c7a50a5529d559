package dev.aerie.text;

/// A token that is cut out of the text before the model sees it.
///
/// `leftStrip` and `rightStrip`: it swallows the white space before or behind it; `singleWord`: it is none inside a
/// word; `normalized`: it is looked for in the normalised text; `special`: it means something to the model.
record AddedToken(
        String content,
        boolean leftStrip,
        boolean rightStrip,
        boolean singleWord,
        boolean normalized,
        boolean special) {

    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /// Whether users must not be able to write it: it is special or looks as if it were.
    boolean isControl() {
        return special || Vocabulary.isMarker(content);
    }

    /// The same token, also inside words.
    AddedToken anywhere() {
        return new AddedToken(content, leftStrip, rightStrip, false, normalized, special);
    }
}

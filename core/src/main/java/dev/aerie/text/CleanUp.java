package dev.aerie.text;

/// Removes the spaces that some tokenizers leave before punctuation and contractions (transformers'
/// `clean_up_tokenization`): ten replacements, one after the other.
final class CleanUp {

    private static final String[] SPACED = {" .", " ?", " !", " ,", " ' ", " n't", " 'm", " 's", " 've", " 're"};

    /// The characters after which a spaced form may go on.
    private static final String INNER = " 'nvr";

    private CleanUp() {}

    static String apply(String text) {
        var clean = text;
        for (var form : SPACED) {
            clean = clean.replace(form, form.strip());
        }
        return clean;
    }

    /// The same for a growing text.
    static StreamingDecoder streaming(StreamingDecoder words) {
        return new StreamingDecoder() {

            private final StringBuilder pending = new StringBuilder();

            @Override
            public String next(int id) {
                pending.append(words.next(id));
                var end = certain();
                var text = apply(pending.substring(0, end));
                pending.delete(0, end);
                return text;
            }

            /// A spaced form begins with a space and holds only inner characters before its last: what comes before the
            /// first space of the trailing inner characters cannot change any more.
            private int certain() {
                var from = pending.length();
                while (from > 0 && INNER.indexOf(pending.charAt(from - 1)) >= 0) {
                    from--;
                }
                var space = pending.indexOf(" ", from);
                return space < 0 ? pending.length() : space;
            }

            @Override
            public String finish() {
                return apply(pending.append(words.finish()).toString());
            }
        };
    }
}

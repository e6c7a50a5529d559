package dev.aerie.text;

/// Finds the user-defined symbols of a model, which are never split or normalised. Those that control the model are
/// not seen in literal text.
final class SymbolMatcher {

    private final ByteTrie symbols;
    private final Vocabulary vocabulary;

    SymbolMatcher(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.symbols = new ByteTrie();
        for (var id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.type(id) == Vocabulary.Type.USER_DEFINED) {
                symbols.add(vocabulary.bytes(id), id);
            }
        }
    }

    /// The length of the longest symbol at `from`, 0 if there is none.
    int longest(Marked.Bytes text, int from) {
        var bytes = text.utf8();
        var best = 0;
        var node = ByteTrie.ROOT;
        for (var i = from; i < bytes.length; i++) {
            node = symbols.step(node, bytes[i]);
            if (node == ByteTrie.NOWHERE) {
                break;
            }
            var id = symbols.value(node);
            if (id != ByteTrie.NO_VALUE && isAllowed(id, text, from, i + 1)) {
                best = i + 1 - from;
            }
        }
        return best;
    }

    /// Whether the symbol may stand for these bytes.
    boolean isAllowed(int id, Marked.Bytes text, int from, int to) {
        return !vocabulary.isMarker(id) || !text.anyLiteral(from, to);
    }
}

package dev.aerie.text;

import java.util.Arrays;

/// The unigram language model's segmentation: of all ways to cut the text into pieces, the one with the highest sum of
/// scores (Viterbi over byte positions). Sums are float32, as in SentencePiece, so that near ties fall alike.
final class Unigram implements Segmenter {

    private static final float UNKNOWN_PENALTY = 10;
    private static final int NONE = -1;

    private final Vocabulary vocabulary;
    private final SymbolMatcher symbols;
    private final float highest;
    private final float unknownScore;

    Unigram(Vocabulary vocabulary, SymbolMatcher symbols) {
        this.vocabulary = vocabulary;
        this.symbols = symbols;
        var high = Float.MIN_NORMAL;
        var low = Float.MAX_VALUE;
        for (var id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.type(id) == Vocabulary.Type.NORMAL) {
                high = Math.max(high, vocabulary.score(id));
                low = Math.min(low, vocabulary.score(id));
            }
        }
        this.highest = high;
        this.unknownScore = low - UNKNOWN_PENALTY;
    }

    @Override
    public void segment(Marked.Bytes text, Sink sink) {
        new Run(text).segment(sink);
    }

    /// The best way to reach each byte position: its score, where its last piece starts, and which piece that is.
    private final class Run {

        private final Marked.Bytes text;
        private final byte[] bytes;
        private final float[] best;
        private final int[] start;
        private final int[] piece;

        Run(Marked.Bytes text) {
            this.text = text;
            this.bytes = text.utf8();
            this.best = new float[bytes.length + 1];
            this.start = new int[bytes.length + 1];
            this.piece = new int[bytes.length + 1];
            Arrays.fill(start, NONE);
        }

        void segment(Sink sink) {
            for (var from = 0; from < bytes.length; ) {
                var next = from + Math.max(1, Utf8.character(bytes, from, bytes.length));
                if (!reachFrom(from, next)) {
                    reach(next, unknownScore + best[from], from, vocabulary.unknown());
                }
                from = next;
            }
            var ends = new int[bytes.length];
            var count = 0;
            for (var to = bytes.length; to > 0; to = start[to]) {
                ends[count++] = to;
            }
            for (var i = count - 1; i >= 0; i--) {
                sink.piece(start[ends[i]], ends[i], piece[ends[i]]);
            }
        }

        /// Tries every piece at `from`; whether one of them is exactly the one character that ends at `next`.
        private boolean reachFrom(int from, int next) {
            var trie = vocabulary.textPieces();
            var single = false;
            var node = ByteTrie.ROOT;
            for (var i = from; i < bytes.length; i++) {
                node = trie.step(node, bytes[i]);
                if (node == ByteTrie.NOWHERE) {
                    break;
                }
                var id = trie.value(node);
                if (id != ByteTrie.NO_VALUE && isUsable(id, from, i + 1)) {
                    reach(i + 1, score(id, i + 1 - from) + best[from], from, id);
                    single |= i + 1 == next;
                }
            }
            return single;
        }

        private boolean isUsable(int id, int from, int to) {
            return switch (vocabulary.type(id)) {
                case UNUSED -> false;
                case USER_DEFINED -> symbols.isAllowed(id, text, from, to);
                default -> true;
            };
        }

        /// User-defined symbols score so high that they always win.
        private double score(int id, int length) {
            return vocabulary.type(id) == Vocabulary.Type.USER_DEFINED ? length * highest - 0.1 : vocabulary.score(id);
        }

        private void reach(int to, double score, int from, int id) {
            if (start[to] == NONE || score > best[to]) {
                best[to] = (float) score;
                start[to] = from;
                piece[to] = id;
            }
        }
    }
}

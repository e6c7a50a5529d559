package dev.aerie.text;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/// Byte-pair encoding as SentencePiece does it: begin with characters (and whole user-defined symbols), and as long as
/// two neighbours form a piece, merge the pair whose piece scores best, the leftmost of equals.
final class Bpe implements Segmenter {

    private final Vocabulary vocabulary;
    private final SymbolMatcher symbols;

    Bpe(Vocabulary vocabulary, SymbolMatcher symbols) {
        this.vocabulary = vocabulary;
        this.symbols = symbols;
    }

    @Override
    public void segment(Marked.Bytes text, Sink sink) {
        new Run(text).segment(sink);
    }

    /// Two neighbours that form a piece; `end` is where the right one ends, which tells a stale pair.
    private record Pair(int left, int right, int end, float score) {

        static final Comparator<Pair> BEST_FIRST =
                Comparator.comparing(Pair::score, Comparator.reverseOrder()).thenComparing(Pair::left);
    }

    /// Symbol i covers the bytes `start[i]` to `end[i]`; a symbol merged into its left neighbour is empty.
    private final class Run {

        private final byte[] bytes;
        private final int[] start;
        private final int[] end;
        private final int[] previous;
        private final int[] next;
        private final boolean[] frozen;
        private final int count;
        private final PriorityQueue<Pair> agenda = new PriorityQueue<>(Pair.BEST_FIRST);
        private final Map<Integer, Integer> leftOfUnused = new HashMap<>();

        Run(Marked.Bytes text) {
            bytes = text.utf8();
            start = new int[bytes.length];
            end = new int[bytes.length];
            previous = new int[bytes.length];
            next = new int[bytes.length];
            frozen = new boolean[bytes.length];
            var symbol = 0;
            for (var at = 0; at < bytes.length; symbol++) {
                var length = symbols.longest(text, at);
                frozen[symbol] = length > 0;
                start[symbol] = at;
                at += length > 0 ? length : Math.max(1, Utf8.character(bytes, at, bytes.length));
                end[symbol] = at;
                previous[symbol] = symbol - 1;
                next[symbol] = at == bytes.length ? -1 : symbol + 1;
            }
            count = symbol;
        }

        void segment(Sink sink) {
            for (var i = 1; i < count; i++) {
                offer(i - 1, i);
            }
            for (var pair = agenda.poll(); pair != null; pair = agenda.poll()) {
                if (isCurrent(pair)) {
                    merge(pair.left, pair.right);
                }
            }
            for (var i = count == 0 ? -1 : 0; i != -1; i = next[i]) {
                emit(start[i], end[i], sink);
            }
        }

        private boolean isCurrent(Pair pair) {
            return start[pair.left] < end[pair.left]
                    && start[pair.right] < end[pair.right]
                    && end[pair.left] == start[pair.right]
                    && end[pair.right] == pair.end;
        }

        private void merge(int left, int right) {
            end[left] = end[right];
            start[right] = end[right];
            next[left] = next[right];
            if (next[right] >= 0) {
                previous[next[right]] = left;
            }
            offer(previous[left], left);
            offer(left, next[left]);
        }

        private void offer(int left, int right) {
            if (left < 0 || right < 0 || frozen[left] || frozen[right]) {
                return;
            }
            var id = vocabulary.textPieces().find(bytes, start[left], end[right]);
            if (id == ByteTrie.NO_VALUE || vocabulary.type(id) == Vocabulary.Type.USER_DEFINED) {
                return;
            }
            agenda.add(new Pair(left, right, end[right], vocabulary.score(id)));
            if (vocabulary.type(id) == Vocabulary.Type.UNUSED) {
                leftOfUnused.put(id, end[left] - start[left]);
            }
        }

        /// Unused pieces only help to build longer ones: one that is left over falls back into its two parts.
        private void emit(int from, int to, Sink sink) {
            var id = vocabulary.textPieces().find(bytes, from, to);
            if (id == ByteTrie.NO_VALUE) {
                sink.piece(from, to, vocabulary.unknown());
                return;
            }
            var left = vocabulary.type(id) == Vocabulary.Type.UNUSED ? leftOfUnused.get(id) : null;
            if (left == null) {
                sink.piece(from, to, id);
            } else {
                emit(from, from + left, sink);
                emit(from + left, to, sink);
            }
        }
    }
}

package dev.aerie.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;

/// SentencePiece's normalisation: replacement rules, then spaces turned into `▁`, with the prefix and the clean-up of
/// spaces that the model asks for. User-defined symbols pass untouched.
final class Normalizer {

    /// What the model says about normalisation (`NormalizerSpec` and one field of `TrainerSpec`).
    record Spec(
            Optional<Charsmap> rules,
            boolean addDummyPrefix,
            boolean removeExtraWhitespaces,
            boolean escapeWhitespaces,
            boolean whitespaceAsSuffix) {}

    static final String SPACE_SYMBOL = "▁";

    private static final byte[] ESCAPED = SPACE_SYMBOL.getBytes(StandardCharsets.UTF_8);
    private static final byte[] PLAIN = {' '};
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private final Spec spec;
    private final SymbolMatcher symbols;

    Normalizer(Spec spec, SymbolMatcher symbols) {
        this.spec = spec;
        this.symbols = symbols;
    }

    Marked.Bytes normalize(Marked.Bytes text) {
        var run = new Run(text);
        run.normalize();
        return new Marked.Bytes(run.out.toByteArray(), run.literal);
    }

    /// One text on its way through; `piece` is the replacement found last.
    private final class Run {

        private final Marked.Bytes text;
        private final byte[] in;
        private final Out out = new Out();
        private final BitSet literal = new BitSet();
        private final byte[] space = spec.escapeWhitespaces ? ESCAPED : PLAIN;
        private int at;
        private byte[] piece = PLAIN;
        private int pieceFrom;
        private int pieceTo;

        Run(Marked.Bytes text) {
            this.text = text;
            this.in = text.utf8();
        }

        void normalize() {
            if (spec.removeExtraWhitespaces) {
                skipLeadingSpaces();
            }
            if (at == in.length) {
                return;
            }
            if (spec.addDummyPrefix && !spec.whitespaceAsSuffix) {
                out.writeBytes(space);
            }
            var afterSpace = spec.removeExtraWhitespaces;
            while (at < in.length) {
                var consumed = nextPiece();
                while (afterSpace && pieceFrom < pieceTo && piece[pieceFrom] == ' ') {
                    pieceFrom++;
                }
                if (pieceFrom < pieceTo) {
                    emit(text.anyLiteral(at, at + consumed));
                    afterSpace = spec.removeExtraWhitespaces && piece[pieceTo - 1] == ' ';
                }
                at += consumed;
            }
            if (spec.removeExtraWhitespaces) {
                while (out.endsWith(space)) {
                    out.shorten(space.length);
                }
            }
            if (spec.addDummyPrefix && spec.whitespaceAsSuffix) {
                out.writeBytes(space);
            }
        }

        private void skipLeadingSpaces() {
            while (at < in.length) {
                var consumed = nextPiece();
                if (pieceTo - pieceFrom != 1 || piece[pieceFrom] != ' ') {
                    return;
                }
                at += consumed;
            }
        }

        private void emit(boolean isLiteral) {
            var from = out.size();
            for (var i = pieceFrom; i < pieceTo; i++) {
                if (piece[i] == ' ') {
                    out.writeBytes(space);
                } else {
                    out.write(piece[i]);
                }
            }
            literal.set(from, out.size(), isLiteral);
        }

        /// Finds what the text at `at` turns into; returns how many bytes that stands for.
        private int nextPiece() {
            var symbol = symbols.longest(text, at);
            if (symbol > 0) {
                return take(in, at, at + symbol, symbol);
            }
            var rule = spec.rules.map(rules -> rules.longest(in, at, in.length)).orElse(0L);
            if (rule != 0) {
                var table = spec.rules.orElseThrow().replacements();
                var end = (int) rule.longValue();
                while (table[end] != 0) {
                    end++;
                }
                return take(table, (int) rule.longValue(), end, (int) (rule >>> 32));
            }
            var length = Utf8.character(in, at, in.length);
            return length > 0 ? take(in, at, at + length, length) : take(REPLACEMENT, 0, REPLACEMENT.length, 1);
        }

        private int take(byte[] source, int from, int to, int consumed) {
            piece = source;
            pieceFrom = from;
            pieceTo = to;
            return consumed;
        }
    }

    private static final class Out extends ByteArrayOutputStream {

        boolean endsWith(byte[] tail) {
            for (var i = 0; i < tail.length; i++) {
                if (count < tail.length || buf[count - tail.length + i] != tail[i]) {
                    return false;
                }
            }
            return true;
        }

        void shorten(int bytes) {
            count -= bytes;
        }
    }
}

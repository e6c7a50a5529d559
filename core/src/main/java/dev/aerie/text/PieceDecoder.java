package dev.aerie.text;

/// SentencePiece's way from pieces back to text, one piece at a time. Runs of byte pieces become characters, each byte
/// that is part of none U+FFFD; `▁` becomes a space; the space before the first word goes where the model had put one.
final class PieceDecoder {

    private final SentencePieceModel model;
    private final Vocabulary vocabulary;
    private final boolean stripsFirst;
    private final Utf8Stream bytes = Utf8Stream.onePerByte();
    private boolean begun;

    PieceDecoder(SentencePieceModel model) {
        this.model = model;
        this.vocabulary = model.vocabulary();
        this.stripsFirst = model.spec().addDummyPrefix() || model.spec().removeExtraWhitespaces();
    }

    /// Appends what is certain after this piece; a string that is no piece reads as itself.
    void accept(String piece, StringBuilder out) {
        var known = vocabulary.id(piece);
        if (known.isPresent() && vocabulary.byteOf(known.getAsInt()) >= 0) {
            var before = out.length();
            bytes.accept((byte) vocabulary.byteOf(known.getAsInt()), out);
            begun |= out.length() > before;
            return;
        }
        finish(out);
        var text = known.isPresent() ? surface(piece, known.getAsInt()) : piece;
        out.append(text);
        begun |= !text.isEmpty();
    }

    private String surface(String piece, int id) {
        return switch (vocabulary.type(id)) {
            case CONTROL -> "";
            case UNKNOWN -> model.unknownSurface();
            default -> {
                var isFirst = stripsFirst && !begun && piece.startsWith(Normalizer.SPACE_SYMBOL);
                // Only the first such space is the model's own, unless it removes all of them.
                begun |= isFirst && !model.spec().removeExtraWhitespaces();
                yield (isFirst ? piece.substring(1) : piece).replace(Normalizer.SPACE_SYMBOL, " ");
            }
        };
    }

    void finish(StringBuilder out) {
        var before = out.length();
        bytes.finish(out);
        begun |= out.length() > before;
    }
}

package dev.aerie.text;

import dev.aerie.AerieException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The pieces of a SentencePiece model by id.
final class Vocabulary {

    /// What a piece is for, by its number in `sentencepiece_model.proto`.
    enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE;

        boolean isText() {
            return this == NORMAL || this == USER_DEFINED || this == UNUSED;
        }
    }

    record Piece(byte[] bytes, float score, Type type) {}

    private final List<Piece> pieces;
    private final String[] texts;
    private final boolean[] markers;
    private final ByteTrie text = new ByteTrie();
    private final Map<String, Integer> ids = new HashMap<>();
    private final int[] byteIds = new int[256];
    private final int[] byteValues;
    private final int unknown;
    private final boolean byteFallback;

    Vocabulary(List<Piece> pieces, boolean byteFallback, String name) {
        this.pieces = List.copyOf(pieces);
        this.byteFallback = byteFallback;
        this.texts = new String[pieces.size()];
        this.markers = new boolean[pieces.size()];
        this.byteValues = new int[pieces.size()];
        Arrays.fill(byteIds, -1);
        Arrays.fill(byteValues, -1);
        var reserved = new ByteTrie();
        var unknownId = OptionalInt.empty();
        for (var id = 0; id < pieces.size(); id++) {
            var piece = pieces.get(id);
            texts[id] = Utf8.string(piece.bytes);
            markers[id] = isMarker(texts[id]);
            if (piece.bytes.length == 0) {
                throw broken(name, "piece " + id + " is empty");
            }
            if (!(piece.type.isText() ? text : reserved).add(piece.bytes, id)) {
                throw broken(name, "piece " + id + " is there twice");
            }
            if (piece.type.isText()) {
                ids.putIfAbsent(texts[id], id);
            } else {
                ids.put(texts[id], id);
            }
            if (piece.type == Type.UNKNOWN) {
                if (unknownId.isPresent()) {
                    throw broken(name, "it has two unknown pieces");
                }
                unknownId = OptionalInt.of(id);
            }
        }
        var missing = name;
        this.unknown = unknownId.orElseThrow(() -> broken(missing, "it has no piece for the unknown"));
        var bytes = pieces.stream().filter(piece -> piece.type == Type.BYTE).count();
        if (bytes != (byteFallback ? 256 : 0)) {
            throw broken(
                    name, "it has " + bytes + " byte pieces, " + (byteFallback ? "not 256" : "yet does not use them"));
        }
        if (byteFallback) {
            findBytes(reserved, name);
        }
    }

    private void findBytes(ByteTrie reserved, String name) {
        for (var value = 0; value < 256; value++) {
            var piece = "<0x%02X>".formatted(value).getBytes(StandardCharsets.UTF_8);
            var id = reserved.find(piece, 0, piece.length);
            if (id == ByteTrie.NO_VALUE || pieces.get(id).type != Type.BYTE) {
                throw broken(name, "it falls back to bytes and lacks the piece of byte " + value);
            }
            byteIds[value] = id;
            byteValues[id] = value;
        }
    }

    /// Whether a user-defined symbol or added token looks like a marker (`<…>`) rather than like text.
    static boolean isMarker(String piece) {
        return piece.length() > 2 && piece.startsWith("<") && piece.endsWith(">");
    }

    int size() {
        return pieces.size();
    }

    byte[] bytes(int id) {
        return pieces.get(id).bytes;
    }

    String text(int id) {
        return texts[id];
    }

    float score(int id) {
        return pieces.get(id).score;
    }

    Type type(int id) {
        return pieces.get(id).type;
    }

    boolean isMarker(int id) {
        return markers[id];
    }

    /// All pieces that text is made of.
    ByteTrie textPieces() {
        return text;
    }

    /// The piece written so; pieces that are no text go first.
    OptionalInt id(String piece) {
        var id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    int unknown() {
        return unknown;
    }

    boolean byteFallback() {
        return byteFallback;
    }

    int ofByte(byte value) {
        return byteIds[value & 0xFF];
    }

    /// The byte that a piece stands for, -1 if for none.
    int byteOf(int id) {
        return byteValues[id];
    }

    private static AerieException broken(String name, String what) {
        return new AerieException(
                "cannot use " + name + ": " + what + "; the file is damaged or no SentencePiece model, fetch it again");
    }
}

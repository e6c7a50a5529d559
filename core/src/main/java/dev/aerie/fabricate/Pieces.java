package dev.aerie.fabricate;

import dev.aerie.AerieException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A SentencePiece model (`sentencepiece_model.proto`) of any size: BPE with byte fallback, over printable ASCII and
/// made-up words.
final class Pieces {

    private static final String SPACE = "\u2581";
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;
    private static final int BPE = 2;

    private final ByteArrayOutputStream model = new ByteArrayOutputStream();
    private int count;

    private Pieces() {}

    /// @param control pieces behind `<unk>` that stand for no text
    /// @param symbols pieces behind those that are never cut
    static byte[] model(List<String> control, List<String> symbols, int size) {
        var pieces = new Pieces();
        pieces.add("<unk>", UNKNOWN);
        control.forEach(piece -> pieces.add(piece, CONTROL));
        symbols.forEach(piece -> pieces.add(piece, USER_DEFINED));
        for (int b = 0; b < 256; b++) {
            pieces.add("<0x%02X>".formatted(b), BYTE);
        }
        pieces.add(SPACE, NORMAL);
        for (char c = '!'; c <= '~'; c++) {
            pieces.add(String.valueOf(c), NORMAL);
        }
        if (pieces.count > size) {
            throw new AerieException("cannot fabricate a tokenizer of " + size + " tokens: at least " + pieces.count
                    + " are needed for bytes and characters");
        }
        for (var word : Words.first(size - pieces.count, SPACE)) {
            pieces.add(word.text(), NORMAL);
        }
        pieces.settings();
        return pieces.model.toByteArray();
    }

    /// Field 1: piece 1, score 2, type 3. Earlier pieces are merged first.
    private void add(String piece, int type) {
        var bytes = piece.getBytes(StandardCharsets.UTF_8);
        var message = new ByteArrayOutputStream();
        message.write(1 << 3 | 2);
        varint(message, bytes.length);
        message.writeBytes(bytes);
        message.write(2 << 3 | 5);
        message.writeBytes(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(type == NORMAL ? -count : 0)
                .array());
        message.write(3 << 3);
        varint(message, type);
        section(1, message);
        count++;
    }

    /// Field 2, the trainer: model type 3, vocabulary size 4, byte fallback 35. Field 3, the normalizer: name 1,
    /// dummy prefix 3, remove extra whitespace 4, escape whitespace 5.
    private void settings() {
        var trainer = new ByteArrayOutputStream();
        flag(trainer, 3, BPE);
        flag(trainer, 4, count);
        flag(trainer, 35, 1);
        section(2, trainer);
        var normalizer = new ByteArrayOutputStream();
        normalizer.write(1 << 3 | 2);
        normalizer.write("identity".length());
        normalizer.writeBytes("identity".getBytes(StandardCharsets.UTF_8));
        flag(normalizer, 3, 1);
        flag(normalizer, 4, 0);
        flag(normalizer, 5, 1);
        section(3, normalizer);
    }

    private void section(int field, ByteArrayOutputStream message) {
        model.write(field << 3 | 2);
        varint(model, message.size());
        model.writeBytes(message.toByteArray());
    }

    private static void flag(ByteArrayOutputStream out, int field, int value) {
        varint(out, field << 3);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        while (value >= 0x80) {
            out.write(value & 0x7f | 0x80);
            value >>>= 7;
        }
        out.write(value);
    }
}

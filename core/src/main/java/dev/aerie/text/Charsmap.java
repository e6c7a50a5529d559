package dev.aerie.text;

import dev.aerie.AerieException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// SentencePiece's compiled normalisation rules: a Darts double-array trie from byte strings to places in a table of
/// replacements that end in 0. Layout: u32 size of the trie, the trie's u32 units, the table (little endian).
///
/// A unit holds a label (low byte), an offset to its children and whether a string ends there; the value of that
/// string is the unit at the offset itself. The constructor checks every unit, so that looking up needs no checks.
final class Charsmap {

    private static final int HAS_VALUE = 1 << 8;
    private static final int IS_VALUE = 1 << 31;

    private final int[] units;
    private final byte[] replacements;

    /// `name` says in errors where the rules come from.
    Charsmap(byte[] blob, String name) {
        var in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        var size = blob.length < Integer.BYTES ? -1 : in.getInt();
        if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > in.remaining()) {
            throw broken(name);
        }
        units = new int[size / Integer.BYTES];
        in.asIntBuffer().get(units);
        in.position(in.position() + size);
        replacements = new byte[in.remaining()];
        in.get(replacements);
        if (!isSound()) {
            throw broken(name);
        }
    }

    private boolean isSound() {
        if (units[0] < 0 || replacements.length == 0 || replacements[replacements.length - 1] != 0) {
            return false;
        }
        for (var i = 0; i < units.length; i++) {
            var unit = units[i];
            if (unit < 0) {
                continue; // a value, reached only through the unit that owns it
            }
            var children = i ^ offset(unit);
            if ((children | 0xFF) >= units.length) {
                return false;
            }
            if ((unit & HAS_VALUE) != 0 && (units[children] & ~IS_VALUE) >= replacements.length) {
                return false;
            }
        }
        return true;
    }

    /// The longest rule that matches at `from`: its length in the high half, the place of its replacement in the low;
    /// 0 if none does.
    long longest(byte[] text, int from, int to) {
        var best = 0L;
        var node = offset(units[0]);
        for (var i = from; i < to; i++) {
            node ^= text[i] & 0xFF;
            var unit = units[node];
            if ((unit & (IS_VALUE | 0xFF)) != (text[i] & 0xFF)) {
                break;
            }
            node ^= offset(unit);
            if ((unit & HAS_VALUE) != 0) {
                best = (long) (i + 1 - from) << 32 | units[node] & ~IS_VALUE;
            }
        }
        return best;
    }

    byte[] replacements() {
        return replacements;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private static AerieException broken(String name) {
        return new AerieException("cannot read the normalisation rules of " + name
                + ": the compiled table does not fit together; the file is damaged, fetch it again");
    }
}

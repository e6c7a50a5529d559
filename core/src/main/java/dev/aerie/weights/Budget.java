package dev.aerie.weights;

import dev.aerie.AerieException;
import java.util.function.Function;

/// What a pickle may build: a fixed number of values for each of its bytes. A pickle can name what it has built
/// before and so describe, in a few bytes, more than any memory holds; an honest one stays far below this bound.
final class Budget {

    /// The longest pickle that is read. Real ones take some 200 bytes for a tensor.
    static final long MAX_BYTES = 16L << 20;

    private static final long MAX_VALUES = 4L << 20;
    private static final long VALUES_PER_BYTE = 8;
    private static final long FREE = 4096;

    private final Function<String, AerieException> refusal;
    private long allowed = FREE;
    private long spent;

    Budget(Function<String, AerieException> refusal) {
        this.refusal = refusal;
    }

    /// Tells how many bytes of the pickle have been read so far.
    void read(long bytes) {
        allowed = Math.min(MAX_VALUES, FREE + VALUES_PER_BYTE * bytes);
    }

    void spend(long values) {
        spent += values;
        if (spent > allowed) {
            throw refusal.apply(
                    "its pickle builds more than " + allowed + " values, more than weights of its length need");
        }
    }
}

package dev.aerie.train.data;

import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.image.Size;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The heap that pictures may take while they are decoded and made ready. Many cores, or a few huge
/// pictures, would otherwise take more than there is. Who waits comes to his turn in order; a picture
/// that needs more than the whole budget has it alone. Safe for use by several threads.
public final class DecodeBudget {

    /// Of a pixel: the decoder's samples (up to four bytes) beside the decoded picture (three), rounded up.
    private static final long DECODED = 8;

    /// Of a pixel of the square that the picture is padded to.
    private static final long PADDED = 3;

    /// A semaphore counts in ints.
    private static final int PIECE = 1 << 10;

    private final int pieces;
    private final Semaphore free;

    /// Half of the heap.
    public DecodeBudget() {
        this(Runtime.getRuntime().maxMemory() / 2);
    }

    /// @param bytes that pictures take together, at least 1
    public DecodeBudget(long bytes) {
        pieces = Math.clamp(bytes / PIECE, 1, Integer.MAX_VALUE);
        free = new Semaphore(pieces, true);
    }

    /// Does some work on a picture when there is room for it. The work must not ask for more room: it
    /// would wait for what it has itself.
    ///
    /// @param file the picture's, not decoded
    /// @param work that decodes it; what it returns should not hold the decoded picture
    public <T> T during(byte[] file, Supplier<T> work) {
        int taken = (int) Math.min(pieces, Math.ceilDiv(bytes(file), PIECE));
        free.acquireUninterruptibly(taken);
        try {
            return work.get();
        } finally {
            free.release(taken);
        }
    }

    /// What it takes to decode a picture and to pad it, by what its header claims. What is no picture,
    /// or is too large, is refused before it takes more than its file.
    static long bytes(byte[] file) {
        return file.length
                + Pictures.claimedSize(file)
                        .filter(size -> size.area() <= ReadOptions.DEFAULT.maxPixels())
                        .map(DecodeBudget::bytes)
                        .orElse(0L);
    }

    private static long bytes(Size size) {
        double longer = Math.max(size.width(), size.height());
        return (long) (DECODED * (double) size.area() + PADDED * longer * longer);
    }
}

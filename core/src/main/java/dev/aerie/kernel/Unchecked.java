package dev.aerie.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/// Loads by address, for loops that follow several places of memory at once: checking each of them against its
/// segment costs such a loop up to a fifth of its speed.
///
/// Nothing here notices an address that is wrong or memory that has been given back; the caller has compared
/// all sizes, and holds the segments that the addresses come from until it is done.
final class Unchecked {

    /// All memory there is, so that an offset is an address.
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Unchecked() {}

    static FloatVector floats(long address) {
        return FloatVector.fromMemorySegment(Storage.FLOATS, MEMORY, address, ByteOrder.nativeOrder());
    }
}

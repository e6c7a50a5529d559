package dev.aerie.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;

/// A pointer to memory that somebody else owns, to hand it to libtorch without a copy.
final class Address extends Pointer {

    Address(MemorySegment segment) {
        super((Pointer) null);
        address = segment.address();
    }
}

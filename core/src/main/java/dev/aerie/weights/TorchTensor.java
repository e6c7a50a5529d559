package dev.aerie.weights;

/// A tensor as a pickle describes it, checked to lie within its storage: `offset` and `strides` count elements.
@SuppressWarnings("ArrayRecordComponent")
record TorchTensor(TorchStorage storage, TorchType type, long offset, long[] shape, long[] strides) {

    /// Bytes from the first to the last element.
    long reach() {
        return Layout.reach(shape, strides) * type.bytes();
    }

    /// Where the first element lies, in bytes from the beginning of what the file keeps under the storage's key.
    long start() {
        return storage.offset() + offset * type.bytes();
    }
}

package dev.aerie.weights;

/// A run of bytes that tensors share: `length` bytes from `offset` of what the file keeps under `key`. `type` is
/// what the storage's class calls its elements; a tensor may call them otherwise.
record TorchStorage(String key, TorchType type, long offset, long length) {}

package dev.aerie.weights;

import java.nio.file.Path;
import java.util.Map;

/// One open weight file. Opening reads its headers only; closing releases its memory, and no tensor found in it
/// may be read afterwards. The file must not be cut short or overwritten in place while it is open: replace it by
/// renaming.
public sealed interface WeightFile extends Weights, AutoCloseable permits SafetensorsFile, TorchFile {

    Path path();

    /// What the file says about itself: the `__metadata__` of safetensors, nothing for a PyTorch file.
    Map<String, String> metadata();

    @Override
    void close();
}

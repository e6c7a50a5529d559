package dev.aerie.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;

/// Whether this thread records what it computes, so that gradients can be taken.
public final class Gradients {

    private Gradients() {}

    /// Computes without a record: results require no gradient.
    public static <T> T without(Supplier<T> body) {
        try (var _ = new AutoGradMode(false)) {
            return body.get();
        }
    }
}

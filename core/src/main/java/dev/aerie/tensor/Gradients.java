package dev.aerie.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;

/// Whether this thread records what it computes, so that gradients can be taken.
public final class Gradients {

    private Gradients() {}

    /// Computes without a record: results require no gradient.
    public static <T> T without(Supplier<T> body) {
        return in(false, body);
    }

    /// Computes with a record, also within [#without].
    public static <T> T with(Supplier<T> body) {
        return in(true, body);
    }

    private static <T> T in(boolean recording, Supplier<T> body) {
        try (var _ = new AutoGradMode(recording)) {
            return body.get();
        }
    }
}

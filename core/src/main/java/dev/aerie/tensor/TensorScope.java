package dev.aerie.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/// The place of native memory: every tensor made by this thread while a scope is open is freed when the innermost open
/// scope closes, except those that were handed out with [#keep].
///
/// Scopes nest and belong to the thread that opened them. Without a scope a tensor lives until the garbage collector
/// finds it, which is too late for tensors: encode, decode and train steps each open one.
///
/// ```java
/// try (var scope = TensorScope.open()) {
///     return scope.keep(block.apply(x));     // lives on in the enclosing scope
/// }
/// ```
public final class TensorScope implements AutoCloseable {

    private final @Nullable PointerScope outer;
    private final PointerScope inner;

    private TensorScope() {
        outer = PointerScope.getInnerScope();
        inner = new PointerScope();
    }

    public static TensorScope open() {
        return new TensorScope();
    }

    /// Runs `body` in a scope of its own and hands its result to the enclosing scope.
    public static Tensor compute(Supplier<Tensor> body) {
        try (var scope = open()) {
            return scope.keep(body.get());
        }
    }

    /// Hands a tensor to the scope around this one; without one it lives until [Tensor#close].
    public Tensor keep(Tensor tensor) {
        if (outer == null) {
            return tensor.retain();
        }
        outer.attach(tensor.raw());
        return tensor;
    }

    @Override
    public void close() {
        inner.close();
    }
}

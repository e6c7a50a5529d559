package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// Two linear layers with an activation between them: `[…, C]` to `[…, C]`.
public record Mlp(Linear first, UnaryOperator<Tensor> activation, Linear second) {

    public Tensor apply(Tensor x) {
        return second.apply(activation.apply(first.apply(x)));
    }
}

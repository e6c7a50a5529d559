package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// The transformer block of most vision encoders: `x += attention(norm(x)); x += mlp(norm(x))`.
public record PreNormBlock(
        UnaryOperator<Tensor> firstNorm,
        UnaryOperator<Tensor> attention,
        UnaryOperator<Tensor> secondNorm,
        UnaryOperator<Tensor> mlp)
        implements UnaryOperator<Tensor> {

    @Override
    public Tensor apply(Tensor x) {
        x = x.plus(attention.apply(firstNorm.apply(x)));
        return x.plus(mlp.apply(secondNorm.apply(x)));
    }
}

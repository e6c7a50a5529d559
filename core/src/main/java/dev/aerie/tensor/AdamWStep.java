package dev.aerie.tensor;

import java.util.List;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/// One step of AdamW (Loshchilov & Hutter, 2019), fused into one pass over memory:
/// `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`, `w ← w − rate·λ·w − rate · m̂ / (√v̂ + ε)`.
///
/// @param rate     of learning in this step
/// @param decay    λ
/// @param count    number of the step, from 1: corrects the bias of the averages
/// @param divisor  gradients are divided by it first: above 1 where their norm is clipped
public record AdamWStep(
        double rate, double beta1, double beta2, double epsilon, double decay, long count, double divisor) {

    /// Updates a weight and its two averages in place; all four have one shape and type.
    public void update(Tensor weight, Tensor gradient, Tensor first, Tensor second) {
        var steps = Tensor.full(count, DType.F32);
        var scale = Tensor.full(divisor, DType.F32);
        Native.runOperator(
                "_fused_adamw_",
                "",
                List.of(
                        list(weight),
                        list(gradient),
                        list(first),
                        list(second),
                        new IValue(new GenericList(new Type.TypePtr(TensorType.get()))),
                        list(steps),
                        new IValue(rate),
                        new IValue(beta1),
                        new IValue(beta2),
                        new IValue(decay),
                        new IValue(epsilon),
                        new IValue(false),
                        new IValue(false),
                        new IValue(scale.raw()),
                        new IValue()),
                weight,
                gradient,
                first,
                second);
    }

    private static IValue list(Tensor tensor) {
        var list = new GenericList(new Type.TypePtr(TensorType.get()));
        list.push_back(new IValue(tensor.raw()));
        return new IValue(list);
    }
}

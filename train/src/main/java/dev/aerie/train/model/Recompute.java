package dev.aerie.train.model;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/// Activation checkpointing (Chen et al., 2016): of each block only the input is kept; what happens inside is computed
/// again when gradients come back. Costs one more forward pass, saves all activations but one per block.
///
/// A block's output starts a new history. So the gradient of the loss first ends at the last blocks' outputs, and
/// [#backward] carries it on from block to block, last first.
public final class Recompute implements Between, AutoCloseable {

    private record Segment(UnaryOperator<Tensor> body, Tensor input, Tensor output) {}

    private final Deque<Segment> segments = new ArrayDeque<>();

    @Override
    public Tensor after(int block, Tensor hidden) {
        return hidden;
    }

    @Override
    public Between within() {
        return this;
    }

    @Override
    public Tensor run(int block, UnaryOperator<Tensor> body, Tensor x) {
        var output = TensorScope.compute(() -> Gradients.without(() -> body.apply(x.detach())));
        output.requireGradient();
        segments.push(new Segment(body, x.retain(), output.retain()));
        return output;
    }

    /// A tensor begins a new history too: what several blocks hand back gathers at its end, and goes on once.
    @Override
    public Tensor share(Tensor tensor) {
        return tensor.requiresGradient() ? run(-1, x -> x, tensor) : tensor;
    }

    /// Takes the gradients on to the parameters of all blocks and to what led to the first inputs.
    public void backward() {
        while (!segments.isEmpty()) {
            var segment = segments.pop();
            try (var _ = TensorScope.open()) {
                segment.output.gradient().ifPresent(gradient -> backward(segment, gradient));
            } finally {
                segment.input.close();
                segment.output.close();
            }
        }
    }

    private static void backward(Segment segment, Tensor gradient) {
        var input = segment.input.detach();
        if (segment.input.requiresGradient()) {
            input.requireGradient();
        }
        var output = segment.body.apply(input);
        if (output.requiresGradient()) {
            output.backward(gradient);
            input.gradient().ifPresent(segment.input::backward);
        }
    }

    /// Forgets what was not taken back.
    @Override
    public void close() {
        for (var segment : segments) {
            segment.input.close();
            segment.output.close();
        }
        segments.clear();
    }
}

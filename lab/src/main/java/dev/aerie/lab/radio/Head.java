package dev.aerie.lab.radio;

import dev.aerie.nn.LayerNorm;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// What a teacher reads its features off the student with: RADIO's second kind of head, under its names.
///
///     fc1 → n × (x + Linear(GELU(LN(x)))) → Linear(GELU(LN(x)))
final class Head {

    private static final double EPSILON = 1e-5;

    private record Layer(LayerNorm norm, Linear linear) {

        Layer(ParameterSource source, long in, long out) {
            this(new LayerNorm(source.at(0), in, EPSILON), new Linear(source.at(2), in, out));
        }

        Tensor apply(Tensor x) {
            return linear.apply(Functional.gelu(norm.apply(x)));
        }
    }

    private final Linear first;
    private final List<Layer> blocks;
    private final Layer last;

    /// @param in     the student's channels
    /// @param hidden width within
    /// @param blocks how many residual blocks
    /// @param out    the teacher's channels
    Head(ParameterSource source, long in, long hidden, int blocks, long out) {
        first = new Linear(source.at("fc1"), in, hidden);
        this.blocks = IntStream.range(0, blocks)
                .mapToObj(i -> new Layer(source.at("blocks").at(i), hidden, hidden))
                .toList();
        last = new Layer(source.at("final"), hidden, out);
    }

    /// `[…, in]` to `[…, out]`.
    Tensor apply(Tensor x) {
        var hidden = first.apply(x);
        for (var block : blocks) {
            hidden = hidden.plus(block.apply(hidden));
        }
        return last.apply(hidden);
    }
}

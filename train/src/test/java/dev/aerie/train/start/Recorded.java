package dev.aerie.train.start;

import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.weights.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Makes random weights, no two alike, and remembers them by name.
final class Recorded implements MadeSource, AutoCloseable {

    private static final double DEVIATION = 0.3;

    private final Map<String, Tensor> made = new LinkedHashMap<>();

    @Override
    public Tensor parameter(String name, long... shape) {
        return made.computeIfAbsent(name, _ -> {
            try (var _ = TensorScope.open()) {
                return Tensor.normal(DEVIATION, DType.F32, shape).retain();
            }
        });
    }

    @Override
    public void unused(String name, long... shape) {
        parameter(name, shape);
    }

    Tensor get(String name) {
        return Optional.ofNullable(made.get(name)).orElseThrow();
    }

    /// All of them under other names.
    List<TensorSource> named(UnaryOperator<String> names) {
        return made.entrySet().stream()
                .map(each -> TensorSource.of(
                        names.apply(each.getKey()),
                        DType.F32,
                        each.getValue().shape(),
                        each.getValue().segment()))
                .toList();
    }

    @Override
    public void close() {
        made.values().forEach(Tensor::close);
    }
}

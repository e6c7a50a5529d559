package dev.aerie.fusion;

import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// A source of float64 parameters that are told by name, and 0 where nothing was said.
final class ParametersByName implements MadeSource {

    private final Map<String, double[]> values = new HashMap<>();

    void set(String name, double... numbers) {
        values.put(name, numbers);
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        var numbers = values.get(name);
        return numbers == null ? Tensor.zeros(DType.F64, shape) : Tensor.of(numbers, shape);
    }
}

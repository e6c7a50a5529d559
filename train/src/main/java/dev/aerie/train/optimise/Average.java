package dev.aerie.train.optimise;

import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.model.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// An exponential moving average of the learned weights (Polyak & Juditsky, 1992), which as a rule scores better than
/// the last ones: `a ← a + (1 − decay)(w − a)`. The decay grows with the steps to its final value, so that the first
/// weights are soon forgotten.
public final class Average implements AutoCloseable {

    private final Parameters parameters;
    private final double decay;
    private final Map<String, Tensor> values = new LinkedHashMap<>();

    public Average(Parameters parameters, double decay) {
        this.parameters = parameters;
        this.decay = decay;
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                values.put(parameter.name(), parameter.master().detach().copy().retain());
            }
        }
    }

    /// Takes the weights after step `step` (from 1) into the average.
    public void take(long step) {
        double now = Math.min(decay, (1.0 + step) / (10.0 + step));
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                var value = Objects.requireNonNull(values.get(parameter.name()));
                value.mixInPlace(parameter.master().detach(), 1 - now);
            }
        }
    }

    /// What some work gives while the layers compute with the averages. Behind it they are as before, bit for bit.
    public <T> T during(Supplier<T> work) {
        try (var _ = TensorScope.open()) {
            var before = new ArrayList<Tensor>();
            for (var parameter : parameters.learned()) {
                before.add(parameter.working().detach().copy());
            }
            try {
                for (var parameter : parameters.learned()) {
                    parameter.working().detach().copyInPlace(Objects.requireNonNull(values.get(parameter.name())));
                }
                return work.get();
            } finally {
                var kept = before.iterator();
                parameters
                        .learned()
                        .forEach(parameter -> parameter.working().detach().copyInPlace(kept.next()));
            }
        }
    }

    public Map<String, Tensor> values() {
        return Map.copyOf(values);
    }

    @Override
    public void close() {
        values.values().forEach(Tensor::close);
        values.clear();
    }
}

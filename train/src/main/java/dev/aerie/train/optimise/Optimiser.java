package dev.aerie.train.optimise;

import dev.aerie.tensor.AdamWStep;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Parameters.Learned;
import dev.aerie.train.model.Replica;
import dev.aerie.train.model.Replicas;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/// AdamW over float32 master weights with float32 averages, whatever the model computes in. Gradients of several micro
/// batches are added up in float32.
public final class Optimiser implements AutoCloseable {

    /// @param decay of the weights; biases and norms included, as the reference's scripts have it 0 throughout
    public record Settings(double beta1, double beta2, double epsilon, double decay) {

        /// The reference's (Hugging Face's defaults).
        public static final Settings REFERENCE = new Settings(0.9, 0.999, 1e-8, 0);
    }

    /// The running averages of a parameter's gradient and of its square.
    public record Averages(Tensor first, Tensor second) {}

    private final Parameters parameters;
    private final Settings settings;
    private final Map<String, Averages> averages = new LinkedHashMap<>();
    private final Map<String, Tensor> sums = new LinkedHashMap<>();
    private long steps;

    public Optimiser(Parameters parameters, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
        for (var parameter : parameters.learned()) {
            var shape = parameter.master().shape();
            averages.put(
                    parameter.name(),
                    new Averages(
                            Tensor.zeros(DType.F32, shape).retain(),
                            Tensor.zeros(DType.F32, shape).retain()));
        }
    }

    /// Adds the gradients of a micro batch to those before it; needed where a step has more than one, or has parts.
    public void collect() {
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                parameter.working().gradient().ifPresent(gradient -> add(parameter.name(), gradient));
                parameter.working().clearGradient();
            }
        }
    }

    /// The same of a model in replicas: the parameters' own gradients first, then each copy's, in order.
    public void collect(Replicas models) {
        collect();
        models.copies().forEach(this::collect);
    }

    private void collect(Replica replica) {
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                replica.gradient(parameter.name()).ifPresent(gradient -> add(parameter.name(), gradient));
            }
        }
        replica.clearGradients();
    }

    private void add(String name, Tensor gradient) {
        var sum = sums.get(name);
        if (sum == null) {
            sums.put(name, gradient.to(DType.F32).copy().retain());
        } else {
            sum.plusInPlace(gradient.to(DType.F32));
        }
    }

    /// The Euclidean norm of all gradients together.
    public double norm() {
        double squares = 0;
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                var gradient = gradient(parameter);
                squares += gradient.times(gradient).sum().item();
            }
        }
        return Math.sqrt(squares);
    }

    /// Moves every parameter and frees the gradients. One that has none, such as an expert's in a batch without
    /// pictures, counts as having zeros, as in the reference: its averages and its weight still decay.
    ///
    /// @param rate    of learning of a parameter, by its name
    /// @param divisor of the gradients: above 1 where their norm is clipped
    public void step(ToDoubleFunction<String> rate, double divisor) {
        steps++;
        for (var parameter : parameters.learned()) {
            try (var _ = TensorScope.open()) {
                var gradient = gradient(parameter);
                var average = Objects.requireNonNull(averages.get(parameter.name()));
                new AdamWStep(
                                rate.applyAsDouble(parameter.name()),
                                settings.beta1(),
                                settings.beta2(),
                                settings.epsilon(),
                                settings.decay(),
                                steps,
                                divisor)
                        .update(parameter.master().detach(), gradient, average.first(), average.second());
                parameter.publish();
            }
            parameter.working().clearGradient();
        }
        sums.values().forEach(Tensor::close);
        sums.clear();
    }

    private Tensor gradient(Learned parameter) {
        var sum = sums.get(parameter.name());
        if (sum != null) {
            return sum;
        }
        return parameter
                .working()
                .gradient()
                .map(gradient -> gradient.to(DType.F32))
                .orElseGet(() -> Tensor.zeros(DType.F32, parameter.master().shape()));
    }

    /// Steps taken.
    public long steps() {
        return steps;
    }

    /// The averages by parameter name, for checkpoints.
    public Map<String, Averages> averages() {
        return Map.copyOf(averages);
    }

    /// Goes on after `steps` steps, the averages having been filled from a checkpoint.
    public void resume(long steps) {
        this.steps = steps;
    }

    @Override
    public void close() {
        sums.values().forEach(Tensor::close);
        for (var average : averages.values()) {
            average.first().close();
            average.second().close();
        }
        averages.clear();
    }
}

package dev.aerie.train.model;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LowRank;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The parameters of a model once more: the same values, with gradients of their own. A model made of it can learn
/// beside the first from other samples, in another thread.
public final class Replica implements Overlay, AutoCloseable {

    private final Parameters parameters;
    private final Map<String, Tensor> views = new LinkedHashMap<>();

    /// @param parameters must stay open as long as this is used
    public Replica(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public ParameterSource under() {
        return parameters;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return view(name, parameters.parameter(name, shape));
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return view(name, parameters.parameter(name, beginning, shape));
    }

    private Tensor view(String name, Tensor original) {
        return original.requiresGradient() ? views.computeIfAbsent(name, _ -> leaf(original)) : original;
    }

    private static Tensor leaf(Tensor original) {
        try (var _ = TensorScope.open()) {
            return original.detach().retain().requireGradient();
        }
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return parameters
                .adapter(name, in, out)
                .map(change -> new LowRank(
                        view(Lora.factor(name, 'A'), change.down()),
                        view(Lora.factor(name, 'B'), change.up()),
                        change.scale()));
    }

    /// The gradient of a parameter that learns; none where nothing was computed with it.
    public Optional<Tensor> gradient(String name) {
        return Optional.ofNullable(views.get(name)).flatMap(Tensor::gradient);
    }

    /// Frees the gradients.
    public void clearGradients() {
        views.values().forEach(Tensor::clearGradient);
    }

    @Override
    public void close() {
        views.values().forEach(Tensor::close);
        views.clear();
    }
}

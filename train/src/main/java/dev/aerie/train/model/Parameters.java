package dev.aerie.train.model;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.LowRank;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.weights.TensorSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The parameters of a model in training, by their official names. Those that learn are copied into memory of their
/// own, the others stay where they come from: mapped, in their stored type.
public final class Parameters implements Overlay, AutoCloseable {

    /// A parameter that learns.
    ///
    /// @param working what the layers compute with, in the stage's precision; gradients arrive here
    /// @param master  the float32 value that the optimiser moves; the same tensor where the precision is float32
    public record Learned(String name, Tensor working, Tensor master) {

        /// Lets the layers see what the optimiser did.
        public void publish() {
            if (working != master) {
                working.detach().copyInPlace(master);
            }
        }
    }

    private final ParameterSource origin;
    private final Predicate<String> learns;
    private final DType precision;
    private final Map<String, Learned> learned = new LinkedHashMap<>();
    private final Map<String, Tensor> all = new LinkedHashMap<>();
    private final Map<String, LowRank> changes = new LinkedHashMap<>();
    private final Optional<Lora> lora;

    public Parameters(ParameterSource origin, Predicate<String> learns, DType precision) {
        this(origin, learns, precision, Optional.empty());
    }

    /// @param origin    the starting point; must stay open as long as this is used
    /// @param learns    tells by its name whether a parameter learns
    /// @param precision of those that learn: F32 or BF16
    /// @param lora      layers that learn by changes of low rank; their weights stay as they are
    public Parameters(ParameterSource origin, Predicate<String> learns, DType precision, Optional<Lora> lora) {
        this.origin = origin;
        this.learns = learns;
        this.precision = precision;
        this.lora = lora;
    }

    @Override
    public ParameterSource under() {
        return origin;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return parameter(name, () -> origin.parameter(name, shape));
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return parameter(name, () -> origin.parameter(name, beginning, shape));
    }

    private Tensor parameter(String name, Supplier<Tensor> source) {
        return all.computeIfAbsent(name, _ -> learns.test(name) ? learn(name, source) : source.get());
    }

    private Tensor learn(String name, Supplier<Tensor> source) {
        try (var _ = TensorScope.open()) {
            var stored = source.get();
            var values = stored.dtype() == DType.F32 ? stored.copy() : stored.to(DType.F32);
            return learn(name, values.contiguous()); // a file may hold it in another order, snapshots do not
        }
    }

    private Tensor learn(String name, Tensor values) {
        var master = values.retain();
        var working = precision == DType.F32 ? master : master.to(precision).retain();
        learned.put(name, new Learned(name, working.requireGradient(), master));
        return working;
    }

    /// A begins as PyTorch's linear layers do, B with zeros: at first nothing changes.
    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        return lora.filter(each -> each.targets().test(name))
                .map(each -> changes.computeIfAbsent(name, _ -> change(each, name, in, out)));
    }

    private LowRank change(Lora each, String name, long in, long out) {
        try (var _ = TensorScope.open()) {
            var down = Tensor.uniform(1 / Math.sqrt(in), DType.F32, each.rank(), in);
            var up = Tensor.zeros(DType.F32, out, each.rank());
            return new LowRank(learn(Lora.factor(name, 'A'), down), learn(Lora.factor(name, 'B'), up), each.scale());
        }
    }

    /// Kept for the files that are written; nothing can learn where nothing is computed.
    @Override
    public void unused(String name, long... shape) {
        origin.unused(name, shape);
        if (origin.stored(name).isPresent()) {
            all.put(name, origin.parameter(name, shape));
        }
    }

    /// Those that learn, in the order in which the model asked for them.
    public Collection<Learned> learned() {
        return learned.values();
    }

    /// The names of all that the model asked for, changes of low rank not among them.
    public Collection<String> names() {
        return all.keySet();
    }

    /// The contents of a checkpoint in one type: changes of low rank merged into their weights. Tensors are
    /// converted when their turn to be written comes.
    ///
    /// @param better values that stand in for learned ones, such as their average; may be empty
    public List<TensorSource> contents(DType dtype, Map<String, Tensor> better) {
        var contents = new ArrayList<TensorSource>();
        all.forEach((name, tensor) -> {
            var parameter = learned.get(name);
            var own = parameter == null ? tensor : parameter.master();
            var change = Optional.ofNullable(changes.get(name))
                    .map(each -> new LowRank(factor(name, 'A', better), factor(name, 'B', better), each.scale()));
            contents.add(contents(name, better.getOrDefault(name, own), change, dtype));
        });
        return contents;
    }

    /// In float32, whatever the layers compute in.
    private Tensor factor(String weight, char factor, Map<String, Tensor> better) {
        var name = Lora.factor(weight, factor);
        return better.getOrDefault(
                name, Objects.requireNonNull(learned.get(name)).master());
    }

    private static TensorSource contents(String name, Tensor tensor, Optional<LowRank> change, DType dtype) {
        return new TensorSource(name, dtype, tensor.shape(), out -> {
            try (var _ = TensorScope.open()) {
                var merged = change.map(each -> tensor.detach().to(DType.F32).plus(each.product()))
                        .orElseGet(tensor::detach);
                var values = merged.to(dtype).contiguous();
                TensorSource.of(name, dtype, tensor.shape(), values.segment())
                        .body()
                        .writeTo(out);
            }
        });
    }

    @Override
    public void close() {
        for (var parameter : learned.values()) {
            parameter.working().close();
            if (parameter.master() != parameter.working()) {
                parameter.master().close();
            }
        }
        learned.clear();
        changes.clear();
        all.clear();
    }
}

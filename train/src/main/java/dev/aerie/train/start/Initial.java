package dev.aerie.train.start;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/// Fresh float32 weights as PyTorch's layers begin: weights and biases of linear layers and convolutions uniform within
/// `±1/√fan_in`, norms the identity, ConvNeXt's layer scale 0.1. Tables of embeddings are normal with deviation 0.02. A
/// layer that says how it begins does so. The random numbers are libtorch's, seeded by [dev.aerie.tensor.Torch#seed].
public final class Initial implements MadeSource, AutoCloseable {

    private static final Pattern TABLE =
            Pattern.compile("embed_tokens|position_embedding|_embedder|pos_embed|rel_pos|class_embedding|cls_token");
    private static final double TABLE_DEVIATION = 0.02;

    /// ConvNeXt's.
    private static final Pattern LAYER_SCALE = Pattern.compile("blocks\\.\\d+\\.weight$");

    private static final double SCALE = 0.1;

    private final List<Tensor> made = new ArrayList<>();
    private final ToDoubleFunction<String> deviation;
    private final Map<String, Double> gains;
    private double bound;

    public Initial() {
        this(_ -> Double.NaN, Map.of());
    }

    /// @param deviation of the normal distribution that a matrix, kernel or table of this name is drawn from; NaN for
    /// the rule above
    /// @param gains     of norms, by the names of their weights, where they do not begin at 1
    public Initial(ToDoubleFunction<String> deviation, Map<String, Double> gains) {
        this.deviation = deviation;
        this.gains = Map.copyOf(gains);
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        var tensor = make(name, shape).retain();
        made.add(tensor);
        return tensor;
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        bound = 0;
        var tensor = beginning.make(DType.F32, shape).retain();
        made.add(tensor);
        return tensor;
    }

    private Tensor make(String name, long... shape) {
        double chosen = deviation.applyAsDouble(name);
        if (shape.length > 1 && !Double.isNaN(chosen)) {
            bound = 0;
            return Tensor.normal(chosen, DType.F32, shape);
        }
        if (TABLE.matcher(name).find()) {
            return Tensor.normal(TABLE_DEVIATION, DType.F32, shape);
        }
        if (shape.length > 1) {
            bound = 1 / Math.sqrt(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
            return Tensor.uniform(bound, DType.F32, shape);
        }
        if (name.endsWith("bias")) { // follows the weight whose fan-in bounds it; that of a norm has none
            return Tensor.uniform(bound, DType.F32, shape);
        }
        bound = 0;
        double otherwise = LAYER_SCALE.matcher(name).find() ? SCALE : 1;
        return Tensor.full(gains.getOrDefault(name, otherwise), DType.F32, shape);
    }

    @Override
    public void close() {
        made.forEach(Tensor::close);
        made.clear();
    }
}

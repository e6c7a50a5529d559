package dev.aerie.fusion;

import dev.aerie.AerieException;
import dev.aerie.nn.Linear;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.RmsNorm;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Maps features to the language model's width: `linear`, `mlpNx_gelu` (N linear layers with GELU between) or
/// `identity`, as `mm_projector_type` names them. `mlpNx_gelu_norm` is ours: a norm behind the MLP lets visual
/// tokens begin at the scale of the words' embeddings, which its gain is set to; without it they are many times
/// larger, and the decoder's blocks hardly change them.
public final class Projector {

    private static final Pattern MLP = Pattern.compile("mlp([1-9]\\d?)x_gelu(_norm)?");

    private static final double EPSILON = 1e-5;

    /// None at all, behind a fusion that gives the language model's width itself.
    public static final Projector NONE = new Projector(List.of(), x -> x);

    private final List<Linear> layers;
    private final UnaryOperator<Tensor> last;

    private Projector(List<Linear> layers, UnaryOperator<Tensor> last) {
        this.layers = layers;
        this.last = last;
    }

    /// @param source at the projector's names: `0.weight`, `2.weight`, … of an MLP, `weight` of a single layer
    public static Projector of(ParameterSource source, String type, int in, int out) {
        if (type.equals("identity")) {
            if (in != out) {
                throw new AerieException("cannot use the projector 'identity': the experts give " + in
                        + " channels and the language model takes " + out);
            }
            return NONE;
        }
        if (type.equals("linear")) {
            return new Projector(List.of(new Linear(source, in, out)), x -> x);
        }
        var mlp = MLP.matcher(type);
        if (!mlp.matches()) {
            throw new AerieException("unknown projector '" + type
                    + "' (mm_projector_type in config.json): expected linear, mlpNx_gelu, mlpNx_gelu_norm or identity");
        }
        var layers = new ArrayList<Linear>();
        int depth = Integer.parseInt(mlp.group(1));
        for (int i = 0; i < depth; i++) {
            layers.add(new Linear(source.at(2 * i), i == 0 ? in : out, out)); // odd indices are the activations
        }
        UnaryOperator<Tensor> last =
                mlp.group(2) == null ? x -> x : new RmsNorm(source.at(2 * depth - 1), out, EPSILON)::apply;
        return new Projector(layers, last);
    }

    /// Operations for `tokens` tokens.
    public double flops(double tokens) {
        return layers.stream().mapToDouble(Linear::weights).sum() * 2 * tokens;
    }

    /// `[B, N, in]` to `[B, N, out]`
    public Tensor apply(Tensor x) {
        for (int i = 0; i < layers.size(); i++) {
            x = layers.get(i).apply(i == 0 ? x : Functional.gelu(x));
        }
        return last.apply(x);
    }
}

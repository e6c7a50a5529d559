package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.Arrays;

/// A source that counts the parameters asked for.
public final class Counted implements Overlay {

    private final ParameterSource under;
    private long parameters;

    public Counted(ParameterSource under) {
        this.under = under;
    }

    @Override
    public ParameterSource under() {
        return under;
    }

    /// How many numbers were asked for so far.
    public long parameters() {
        return parameters;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        count(shape);
        return under.parameter(name, shape);
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        count(shape);
        return under.parameter(name, beginning, shape);
    }

    private void count(long... shape) {
        parameters += Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}

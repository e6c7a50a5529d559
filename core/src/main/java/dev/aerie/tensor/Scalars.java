package dev.aerie.tensor;

import org.bytedeco.pytorch.Scalar;

/// Numbers as operands. A number is small native memory too: it dies with the open scope.
final class Scalars {

    private Scalars() {}

    /// A double operand keeps the tensor's type, as a Python number does.
    static Scalar of(double value) {
        return new Scalar(value);
    }

    static Scalar of(long value) {
        return new Scalar(value);
    }
}

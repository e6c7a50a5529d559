package dev.aerie.nn;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.util.Arrays;

/// How a parameter begins that no checkpoint holds. Random numbers are libtorch's.
@FunctionalInterface
public interface Beginning {

    /// Nothing at all: a branch that begins so leaves what it is added to as it is.
    Beginning ZEROS = Tensor::zeros;

    /// Xavier's uniform: within `±√(6 / (fan in + fan out))`, fans as PyTorch counts them (a kernel's cells times
    /// its second or first dimension, also where groups see fewer channels).
    Beginning XAVIER = (dtype, shape) -> {
        long cells = Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
        return Tensor.uniform(Math.sqrt(6.0 / (cells * (shape[0] + shape[1]))), dtype, shape);
    };

    Tensor make(DType dtype, long... shape);

    /// Normally distributed with mean 0.
    static Beginning normal(double deviation) {
        return (dtype, shape) -> Tensor.normal(deviation, dtype, shape);
    }

    /// The same value everywhere.
    static Beginning constant(double value) {
        return (dtype, shape) -> Tensor.full(value, dtype, shape);
    }

    /// These values, in row-major order.
    static Beginning values(double... values) {
        return (dtype, shape) -> Tensor.of(values, shape).to(dtype);
    }
}

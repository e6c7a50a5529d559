package dev.aerie.nn;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A source of new weights: matrices and kernels normal with deviation 0.02, norms the identity, biases 0, unless
/// their layer says how it begins. The random
/// numbers are libtorch's, seeded by [dev.aerie.tensor.Torch#seed]. [#close] frees them.
public final class Fresh implements MadeSource, AutoCloseable {

    private static final double DEVIATION = 0.02;

    private final DType dtype;
    private final List<Tensor> made = new ArrayList<>();

    public Fresh(DType dtype) {
        this.dtype = dtype;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        Tensor tensor;
        if (name.endsWith("bias")) {
            tensor = Tensor.zeros(dtype, shape);
        } else if (shape.length == 1 && name.endsWith("weight")) {
            tensor = Tensor.full(1, dtype, shape);
        } else {
            tensor = Tensor.normal(DEVIATION, dtype, shape);
        }
        made.add(tensor.retain());
        return tensor;
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        var tensor = beginning.make(dtype, shape).retain();
        made.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        made.forEach(Tensor::close);
        made.clear();
    }
}

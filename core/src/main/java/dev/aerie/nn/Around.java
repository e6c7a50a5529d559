package dev.aerie.nn;

import dev.aerie.tensor.Tensor;
import java.util.function.UnaryOperator;

/// One [Between] around another.
record Around(Between outer, Between inner) implements Between {

    @Override
    public Tensor before(int block, Tensor hidden) {
        return inner.before(block, outer.before(block, hidden));
    }

    @Override
    public Tensor after(int block, Tensor hidden) {
        return outer.after(block, inner.after(block, hidden));
    }

    @Override
    public Tensor run(int block, UnaryOperator<Tensor> body, Tensor x) {
        return outer.run(block, y -> inner.after(block, body.apply(inner.before(block, y))), x);
    }

    @Override
    public Between within() {
        return outer.within().with(inner.within());
    }

    @Override
    public Tensor share(Tensor tensor) {
        return outer.share(tensor);
    }

    @Override
    public void stage(String name, Tensor value) {
        inner.stage(name, value);
        outer.stage(name, value);
    }
}

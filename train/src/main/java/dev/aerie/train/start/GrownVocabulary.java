package dev.aerie.train.start;

import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A language model with more tokens than are stored: the rows of the new ones are the mean of all stored ones.
final class GrownVocabulary implements Overlay, AutoCloseable {

    private static final Set<String> TABLES = Set.of("model.embed_tokens.weight", "lm_head.weight");

    private final ParameterSource stored;
    private final int rows;
    private final List<Tensor> made = new ArrayList<>();

    /// @param stored must stay open as long as this is used
    /// @param rows   of the tables
    GrownVocabulary(ParameterSource stored, int rows) {
        this.stored = stored;
        this.rows = rows;
    }

    private boolean grows(String name, long[] shape) {
        return TABLES.contains(name) && shape.length == 2 && shape[0] < rows;
    }

    @Override
    public ParameterSource under() {
        return stored;
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        var before = stored.stored(name).filter(there -> grows(name, there) && shape[0] == rows);
        return before.isPresent() ? grown(name, before.get()) : stored.parameter(name, shape);
    }

    private Tensor grown(String name, long[] before) {
        try (var _ = TensorScope.open()) {
            var table = stored.parameter(name, before); // [V, C]
            var mean = table.to(DType.F32).mean(0).reshape(1, before[1]).to(table.dtype()); // [1, C]
            var grown = Tensors.cat(List.of(table, mean.expand(rows - before[0], before[1])), 0)
                    .retain();
            made.add(grown);
            return grown;
        }
    }

    @Override
    public Optional<long[]> stored(String name) {
        return stored.stored(name).map(shape -> grows(name, shape) ? new long[] {rows, shape[1]} : shape);
    }

    @Override
    public void close() {
        made.forEach(Tensor::close);
        made.clear();
    }
}

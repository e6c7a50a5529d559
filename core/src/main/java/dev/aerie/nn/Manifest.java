package dev.aerie.nn;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A source that records what is asked for and allocates nothing: the names and shapes of a model of any size.
public final class Manifest implements ParameterSource {

    /// What a tensor in a checkpoint is for.
    public enum Role {
        PARAMETER,
        /// Learned, stored and counted, but not used by the forward pass.
        UNUSED,
        /// Computed, not learned; checkpoints may hold it.
        BUFFER
    }

    public record Entry(String name, long[] shape, Role role) {
        public long elements() {
            long n = 1;
            for (long extent : shape) {
                n = Math.multiplyExact(n, extent);
            }
            return n;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> layers = new LinkedHashSet<>();

    /// Everything asked for, in order.
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /// The names of linear layers' weights, which can have a change of low rank beside them.
    public Set<String> layers() {
        return Collections.unmodifiableSet(layers);
    }

    @Override
    public Optional<LowRank> adapter(String name, long in, long out) {
        layers.add(name);
        return Optional.empty();
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        entries.add(new Entry(name, shape, Role.PARAMETER));
        return Tensor.shapeOnly(DType.F32, shape);
    }

    @Override
    public void unused(String name, long... shape) {
        entries.add(new Entry(name, shape, Role.UNUSED));
    }

    @Override
    public void buffer(String name, long... shape) {
        entries.add(new Entry(name, shape, Role.BUFFER));
    }

    @Override
    public Optional<long[]> stored(String name) {
        return Optional.empty();
    }

    @Override
    public boolean isStored() {
        return false;
    }
}

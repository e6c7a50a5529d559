package dev.aerie.nn;

import dev.aerie.AerieException;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.weights.TensorHeader;
import dev.aerie.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A source that compares what is asked for with the headers of weight files. Nothing is mapped or computed, and a
/// tensor that does not fit is noted instead of refused: what [CheckpointSource] would stumble over, all at once.
public final class HeaderSource implements ParameterSource {

    /// More misfits than any real model has tensors; a configuration that asks for more is not believed.
    private static final int MOST_MISFITS = 20_000;

    /// A tensor that is needed with this shape, and what is there instead: nothing, or one of another shape.
    public record Misfit(String name, long[] needed, Optional<TensorHeader> found) {

        /// In words: `model.norm.weight [4096]` or `model.norm.weight [4096], found [5120]`.
        public String describe() {
            return name + " " + Arrays.toString(needed)
                    + found.map(header -> ", found " + header.shapeText()).orElse("");
        }
    }

    private final Weights weights;
    private final Map<String, Manifest.Role> asked = new LinkedHashMap<>();
    private final List<Misfit> misfits = new ArrayList<>();

    public HeaderSource(Weights weights) {
        this.weights = weights;
    }

    /// @throws AerieException only when so many tensors are missing that the caller cannot mean these weights
    @Override
    public Tensor parameter(String name, long... shape) {
        asked.put(name, Manifest.Role.PARAMETER);
        var header = weights.header(name);
        if (header.isEmpty() || !Arrays.equals(header.get().shape(), shape)) {
            if (misfits.size() == MOST_MISFITS) {
                throw new AerieException("more than " + MOST_MISFITS
                        + " tensors are missing; check that config.json belongs to these weights");
            }
            misfits.add(new Misfit(name, shape.clone(), header));
        }
        return Tensor.shapeOnly(header.map(TensorHeader::dtype).orElse(DType.F32), shape);
    }

    @Override
    public void unused(String name, long... shape) {
        asked.put(name, Manifest.Role.UNUSED);
    }

    @Override
    public void buffer(String name, long... shape) {
        asked.put(name, Manifest.Role.BUFFER);
    }

    @Override
    public Optional<long[]> stored(String name) {
        return weights.header(name).map(TensorHeader::shape);
    }

    @Override
    public boolean isStored() {
        return true;
    }

    /// What the tensor was asked for as; empty if it was not.
    public Optional<Manifest.Role> role(String name) {
        return Optional.ofNullable(asked.get(name));
    }

    /// Parameters that are not there, or not in the shape asked for, in the order of asking.
    public List<Misfit> misfits() {
        return List.copyOf(misfits);
    }

    /// Tensors that nothing asked for.
    public List<String> unexpected() {
        return weights.names().stream().filter(name -> !asked.containsKey(name)).toList();
    }
}

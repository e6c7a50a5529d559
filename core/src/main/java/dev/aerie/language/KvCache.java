package dev.aerie.language;

import dev.aerie.AerieException;
import dev.aerie.kernel.DecodeAttention;
import dev.aerie.kernel.Gemv;
import dev.aerie.nn.Team;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The keys and values of the tokens seen so far, per layer `[B, kvHeads, capacity, D]`. Grows in blocks of
/// [#BLOCK] tokens. Belongs to one conversation (or one batch) and one thread at a time.
///
/// Sequences of a batch that are shorter than the longest are padded on the left; `padding` says by how much.
public final class KvCache implements AutoCloseable {

    public static final int BLOCK = 256;

    private record Layer(Tensor keys, Tensor values) {

        /// Takes over the first `tokens` of another.
        void copyFrom(Layer other, int tokens) {
            if (tokens > 0) {
                keys.narrow(2, 0, tokens).copyInPlace(other.keys.narrow(2, 0, tokens));
                values.narrow(2, 0, tokens).copyInPlace(other.values.narrow(2, 0, tokens));
            }
        }

        Layer retain() {
            keys.retain();
            values.retain();
            return this;
        }

        void close() {
            keys.close();
            values.close();
        }
    }

    private final LlamaConfig config;
    private final DType dtype;
    private final int[] padding;
    private final List<Layer> layers = new ArrayList<>();
    private int capacity;
    private int length;

    /// @param padding tokens before the first real one, per sequence
    public KvCache(LlamaConfig config, DType dtype, int[] padding) {
        this.config = config;
        this.dtype = dtype;
        this.padding = padding.clone();
    }

    /// A cache for one sequence.
    public KvCache(LlamaConfig config, DType dtype) {
        this(config, dtype, new int[1]);
    }

    public int batch() {
        return padding.length;
    }

    /// Tokens in it, padding included.
    public int length() {
        return length;
    }

    public int padding(int sequence) {
        return padding[sequence];
    }

    boolean isPadded() {
        for (int pad : padding) {
            if (pad > 0) {
                return true;
            }
        }
        return false;
    }

    /// Bytes that it holds.
    public long bytes() {
        return layers.stream()
                .mapToLong(layer -> 2 * layer.keys.elements() * dtype.bytes())
                .sum();
    }

    boolean attendsInPlace() {
        return Gemv.supports(dtype);
    }

    /// Makes room for `tokens` more. Layers grow one after the other, so that only one of them exists twice; where
    /// memory ends midway, those that have grown serve the old capacity as well.
    void reserve(int tokens) {
        if (length + tokens <= capacity) {
            return;
        }
        int grown = Math.ceilDiv(length + tokens, BLOCK) * BLOCK;
        for (int i = 0; i < config.layers(); i++) {
            try (var _ = TensorScope.open()) {
                var larger = new Layer(empty(grown), empty(grown));
                if (i == layers.size()) {
                    layers.add(larger.retain());
                } else {
                    var old = layers.get(i);
                    larger.copyFrom(old, length);
                    layers.set(i, larger.retain());
                    old.close();
                }
            }
        }
        capacity = grown;
    }

    private Tensor empty(int tokens) {
        return Tensor.empty(dtype, batch(), config.kvHeads(), tokens, config.headWidth());
    }

    /// Puts the keys and values `[B, kvHeads, T, D]` of new tokens behind those of layer `layer`. The length grows when
    /// all layers have done so: [#advance].
    void append(int layer, Tensor keys, Tensor values) {
        layers.get(layer).keys.narrow(2, length, keys.size(2)).copyInPlace(keys);
        layers.get(layer).values.narrow(2, length, values.size(2)).copyInPlace(values);
    }

    /// The first `tokens` keys of a layer, as a view `[B, kvHeads, tokens, D]`.
    Tensor keys(int layer, int tokens) {
        return layers.get(layer).keys.narrow(2, 0, tokens);
    }

    Tensor values(int layer, int tokens) {
        return layers.get(layer).values.narrow(2, 0, tokens);
    }

    /// Attention of one new token per sequence, q `[B, H, 1, D]`, over the first `tokens` of a layer: reads the cache
    /// once, where it lies.
    Tensor attend(int layer, Tensor q, int tokens, double scale) {
        int heads = config.heads();
        int width = config.headWidth();
        var queries = q.toFloats(); // [B, H, D]
        var mixed = new float[queries.length];
        var keys = layers.get(layer).keys.segment();
        var values = layers.get(layer).values.segment();
        long bytes = keys.byteSize() / batch();
        for (int b = 0; b < batch(); b++) {
            var one = new float[heads * width];
            DecodeAttention.attend(
                    Arrays.copyOfRange(queries, b * one.length, (b + 1) * one.length),
                    keys.asSlice(b * bytes, bytes),
                    values.asSlice(b * bytes, bytes),
                    dtype,
                    heads,
                    config.kvHeads(),
                    width,
                    padding[b],
                    tokens,
                    layers.get(layer).keys.size(2) * width,
                    (float) scale,
                    one,
                    Team.workers());
            System.arraycopy(one, 0, mixed, b * one.length, one.length);
        }
        return Tensor.of(mixed, batch(), heads, 1, width).to(q.dtype());
    }

    void advance(int tokens) {
        length += tokens;
    }

    /// Forgets all tokens from `tokens` on: a conversation that continues from an earlier point.
    public void truncate(int tokens) {
        if (tokens < 0 || tokens > length) {
            throw new AerieException("cannot cut the cache back to " + tokens + " tokens: it holds " + length);
        }
        length = tokens;
    }

    /// A new cache that holds the only sequence of this one `times` times.
    KvCache repeated(int times) {
        var pads = new int[times];
        Arrays.fill(pads, padding[0]);
        var copy = new KvCache(config, dtype, pads);
        copy.reserve(length);
        for (int i = 0; i < layers.size(); i++) {
            try (var _ = TensorScope.open()) {
                copy.append(
                        i,
                        keys(i, length).expand(times, -1, -1, -1),
                        values(i, length).expand(times, -1, -1, -1));
            }
        }
        copy.advance(length);
        return copy;
    }

    /// Replaces every sequence `i` by a copy of sequence `parents[i]`: what beam search does after each step.
    void reorder(int[] parents) {
        var index = new long[parents.length];
        for (int i = 0; i < parents.length; i++) {
            index[i] = parents[i];
        }
        for (var layer : layers) {
            try (var _ = TensorScope.open()) {
                var order = Tensor.of(index, index.length);
                for (var memory : List.of(layer.keys, layer.values)) {
                    var filled = memory.narrow(2, 0, length);
                    filled.copyInPlace(filled.indexSelect(0, order));
                }
            }
        }
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
        layers.clear();
        capacity = 0;
        length = 0;
    }
}

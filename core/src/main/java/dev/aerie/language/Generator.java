package dev.aerie.language;

import dev.aerie.nn.Beside;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Generates text token by token behind a prompt, for one sequence or a left-padded batch.
public final class Generator {

    /// The most prompt tokens of one forward pass: bounds the memory of long prompts. Where the scale of positions
    /// follows from a prompt's length, all of it is read at once.
    public static final int CHUNK = 2048;

    private final Llama model;
    private final Beside beside;

    public Generator(Llama model) {
        this(model, Beside.NOTHING);
    }

    /// @param beside what the layers read beside the prompt
    public Generator(Llama model, Beside beside) {
        this.model = model;
        this.beside = beside;
    }

    /// Runs the prompt's embeddings `[B, T, C]` and returns the scores `[B, V]` of the next token.
    public float[][] prefill(Tensor prompt, KvCache cache) {
        return prefill(prompt, cache, model.config().rope().dependsOnLength() ? Integer.MAX_VALUE : CHUNK);
    }

    float[][] prefill(Tensor prompt, KvCache cache, int chunk) {
        long tokens = prompt.size(1);
        for (long start = 0; ; start += chunk) {
            long length = Math.min(chunk, tokens - start);
            try (var _ = TensorScope.open()) {
                var hidden = forward(prompt.narrow(1, start, length), cache);
                if (start + length == tokens) {
                    return rows(model.logits(hidden.select(1, length - 1)));
                }
            }
        }
    }

    /// Runs one token per sequence and returns the scores `[B, V]` of the next. A single token reads every weight once
    /// and its activations cost nothing, so they are float32 whatever the prompt's precision.
    public float[][] step(int[] ids, KvCache cache) {
        try (var _ = TensorScope.open()) {
            var tokens = Tensor.of(Arrays.stream(ids).asLongStream().toArray(), ids.length, 1);
            var hidden = forward(model.embed(tokens).to(DType.F32), cache);
            return rows(model.logits(hidden.select(1, 0)));
        }
    }

    private Tensor forward(Tensor x, KvCache cache) {
        return model.forward(x, cache, beside.from(cache.length()));
    }

    private static float[][] rows(Tensor logits) {
        var all = logits.toFloats();
        int width = Math.toIntExact(logits.size(1));
        var rows = new float[all.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
        }
        return rows;
    }

    /// Generates behind a prompt `[B, T, C]`; the cache then holds the prompt and all but the last new token.
    public List<Generation> generate(Tensor prompt, KvCache cache, GenerationOptions options, TokenListener listener) {
        if (options.beams() > 1) {
            return List.of(new BeamSearch(this, options).search(prompt, cache, listener));
        }
        var scores = prefill(prompt, cache);
        var sequences = new ArrayList<Sequence>();
        for (int i = 0; i < cache.batch(); i++) {
            sequences.add(new Sequence(i, options, listener));
        }
        for (int n = 1; ; n++) {
            var next = new int[sequences.size()];
            for (int i = 0; i < next.length; i++) {
                next[i] = sequences.get(i).take(scores[i]);
            }
            if (n == options.maxTokens() || sequences.stream().noneMatch(Sequence::isRunning)) {
                return sequences.stream().map(Sequence::result).toList();
            }
            scores = step(next, cache);
        }
    }

    /// `log softmax(scores)[id]`
    static float logprob(float[] scores, int id) {
        double max = Double.NEGATIVE_INFINITY;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score - max);
        }
        return (float) (scores[id] - max - Math.log(sum));
    }

    /// One sequence of a batch. An ended one goes on receiving its last token, unheard, until all have ended.
    private static final class Sequence {

        private final int index;
        private final GenerationOptions options;
        private final TokenListener listener;
        private final Sampling.Sampler sampler;
        private final List<Integer> ids = new ArrayList<>();
        private final Set<Integer> seen = new HashSet<>();
        private final List<Float> logprobs = new ArrayList<>();
        private Generation.End end = Generation.End.LENGTH;
        private boolean running = true;

        Sequence(int index, GenerationOptions options, TokenListener listener) {
            this.index = index;
            this.options = options;
            this.listener = listener;
            sampler = options.sampling().sampler();
        }

        boolean isRunning() {
            return running;
        }

        int take(float[] scores) {
            if (!running) {
                return ids.getLast();
            }
            int id = sampler.next(scores, seen);
            float logprob = logprob(scores, id);
            ids.add(id);
            seen.add(id);
            logprobs.add(logprob);
            boolean goOn = listener.accept(index, id, logprob);
            if (options.endTokens().contains(id)) {
                end = Generation.End.END_TOKEN;
                running = false;
            } else if (!goOn) {
                end = Generation.End.STOPPED;
                running = false;
            }
            return id;
        }

        Generation result() {
            var floats = new float[logprobs.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = logprobs.get(i);
            }
            return new Generation(ids.stream().mapToInt(Integer::intValue).toArray(), floats, end);
        }
    }
}

package dev.aerie.language;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Beam search: keeps the `beams` most probable beginnings. A finished answer scores its log-probability divided by its
/// length; the search ends when the best running beginning, scored so, does not beat the worst of `beams` finished
/// ones.
final class BeamSearch {

    private record Beam(int[] ids, float[] logprobs, double sum) {

        Beam plus(int id, float logprob) {
            var longerIds = Arrays.copyOf(ids, ids.length + 1);
            var longerLogprobs = Arrays.copyOf(logprobs, ids.length + 1);
            longerIds[ids.length] = id;
            longerLogprobs[ids.length] = logprob;
            return new Beam(longerIds, longerLogprobs, sum + logprob);
        }

        double score() {
            return sum / ids.length;
        }
    }

    private record Candidate(int parent, Beam beam) {
        int last() {
            return beam.ids[beam.ids.length - 1];
        }
    }

    private final Generator generator;
    private final GenerationOptions options;

    BeamSearch(Generator generator, GenerationOptions options) {
        this.generator = generator;
        this.options = options;
    }

    /// @param prompt `[1, T, C]`; `cache` is left as it was, plus the prompt
    Generation search(Tensor prompt, KvCache cache, TokenListener listener) {
        if (cache.batch() != 1) {
            throw new AerieException("cannot search beams for a batch of " + cache.batch()
                    + " prompts: run them one by one, or use one beam");
        }
        var scores = generator.prefill(prompt, cache);
        var running = List.of(new Beam(new int[0], new float[0], 0));
        var finished = new ArrayList<Beam>();
        try (var beams = cache.repeated(options.beams())) {
            for (int n = 1; ; n++) {
                var next = advance(running, scores, finished, n == options.maxTokens());
                if (next.isEmpty() || isDecided(next.getFirst().beam, finished)) {
                    break;
                }
                var parents = new int[options.beams()];
                var ids = new int[options.beams()];
                for (int i = 0; i < ids.length; i++) {
                    var candidate = next.get(Math.min(i, next.size() - 1));
                    parents[i] = candidate.parent;
                    ids[i] = candidate.last();
                }
                beams.reorder(parents);
                running = next.stream().map(Candidate::beam).toList();
                if (!listener.goesOn()) {
                    return stopped(running.getFirst(), listener);
                }
                scores = generator.step(ids, beams);
            }
        }
        return result(finished, listener);
    }

    /// The best continuations by rising rank of those that go on; those that end are added to `finished`.
    private List<Candidate> advance(List<Beam> running, float[][] scores, List<Beam> finished, boolean last) {
        var candidates = new ArrayList<Candidate>();
        for (int i = 0; i < running.size(); i++) {
            candidates.addAll(best(i, running.get(i), scores[i]));
        }
        candidates.sort(Comparator.comparingDouble((Candidate c) -> c.beam.sum).reversed());
        var next = new ArrayList<Candidate>();
        for (var candidate : candidates) {
            if (next.size() == options.beams()) {
                break;
            }
            if (last || options.endTokens().contains(candidate.last())) {
                finished.add(candidate.beam);
                if (last && finished.size() >= 2 * options.beams()) {
                    break;
                }
            } else {
                next.add(candidate);
            }
        }
        finished.sort(Comparator.comparingDouble(Beam::score).reversed());
        return next;
    }

    /// Twice as many as there are beams, so that enough go on where some end.
    private List<Candidate> best(int parent, Beam beam, float[] scores) {
        var order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        var best = new ArrayList<Candidate>();
        for (int i = 0; i < Math.min(2 * options.beams(), order.length); i++) {
            best.add(new Candidate(parent, beam.plus(order[i], Generator.logprob(scores, order[i]))));
        }
        return best;
    }

    private boolean isDecided(Beam bestRunning, List<Beam> finished) {
        return finished.size() >= options.beams()
                && finished.get(options.beams() - 1).score() >= bestRunning.score();
    }

    /// The best beginning so far, said as a whole.
    private static Generation stopped(Beam best, TokenListener listener) {
        for (int i = 0; i < best.ids.length; i++) {
            listener.accept(0, best.ids[i], best.logprobs[i]);
        }
        return new Generation(best.ids, best.logprobs, Generation.End.STOPPED);
    }

    private Generation result(List<Beam> finished, TokenListener listener) {
        @Nullable Beam best = finished.isEmpty() ? null : finished.getFirst();
        if (best == null) {
            throw new AerieException("beam search found no answer; ask for more tokens");
        }
        for (int i = 0; i < best.ids.length; i++) {
            if (!listener.accept(0, best.ids[i], best.logprobs[i]) && i + 1 < best.ids.length) {
                return new Generation(
                        Arrays.copyOf(best.ids, i + 1), Arrays.copyOf(best.logprobs, i + 1), Generation.End.STOPPED);
            }
        }
        boolean ended = options.endTokens().contains(best.ids[best.ids.length - 1]);
        return new Generation(best.ids, best.logprobs, ended ? Generation.End.END_TOKEN : Generation.End.LENGTH);
    }
}

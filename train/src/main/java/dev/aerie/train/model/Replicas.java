package dev.aerie.train.model;

import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// A model that learns from the parts of a micro batch at once, each in a thread of its own with its own gradients,
/// which are then added in order: the result does not depend on who is first. Small models gain most, since their
/// operations are too short to be shared among threads.
public final class Replicas implements AutoCloseable {

    private final List<TrainingModel> models = new ArrayList<>();
    private final List<Replica> copies = new ArrayList<>();
    private final ExecutorService threads;

    private Replicas(TrainingModel first, int count) {
        models.add(first);
        int each = Math.max(1, Torch.threads() / count);
        threads = Executors.newFixedThreadPool(
                count,
                task -> Thread.ofPlatform().name("replica").daemon().unstarted(() -> {
                    Torch.setThreads(each);
                    task.run();
                }));
    }

    /// A model that takes a micro batch whole.
    public static Replicas alone(TrainingModel model) {
        return new Replicas(model, 1);
    }

    /// @param count parts of a micro batch
    /// @param make  makes the model of parameters, or of what stands in for them
    public static Replicas of(Parameters parameters, int count, Function<ParameterSource, TrainingModel> make) {
        var replicas = new Replicas(make.apply(parameters), count);
        for (int i = 1; i < count; i++) {
            var copy = new Replica(parameters);
            replicas.copies.add(copy);
            replicas.models.add(make.apply(copy));
        }
        return replicas;
    }

    /// The model over the parameters themselves.
    public TrainingModel first() {
        return models.getFirst();
    }

    public int count() {
        return models.size();
    }

    /// A micro batch, in as many parts as there are replicas, or as it has samples.
    ///
    /// @param longest rows are cut to so many positions
    public List<Batch> parts(List<Sample> samples, int longest) {
        int each = Math.ceilDiv(samples.size(), count());
        var parts = new ArrayList<Batch>();
        for (int from = 0; from < samples.size(); from += each) {
            parts.add(Batch.of(samples.subList(from, Math.min(samples.size(), from + each)), longest));
        }
        return parts;
    }

    /// Computes the loss of a micro batch, and adds the gradients of `share · mean loss` to the replicas' own.
    ///
    /// @param parts of the micro batch, at most [#count]
    public TrainingModel.Loss learn(List<Batch> parts, double share) {
        int learned = parts.stream().mapToInt(Batch::learned).sum();
        if (parts.size() == 1 || learned == 0) {
            return first().learn(parts.getFirst(), share);
        }
        var tasks = new ArrayList<Callable<TrainingModel.Loss>>();
        for (int i = 0; i < parts.size(); i++) {
            var model = models.get(i);
            var part = parts.get(i);
            tasks.add(() -> model.learn(part, share * part.learned() / learned));
        }
        double sum = 0;
        for (var result : all(tasks)) {
            sum += result.sum();
        }
        return new TrainingModel.Loss(sum, learned);
    }

    /// Those that hold gradients of their own, beside the parameters'.
    public List<Replica> copies() {
        return Collections.unmodifiableList(copies);
    }

    private <T> List<T> all(List<Callable<T>> tasks) {
        try {
            var results = new ArrayList<T>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while learning", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        copies.forEach(Replica::close);
    }
}

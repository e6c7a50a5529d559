package dev.aerie.fusion;

import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// A source of float64 parameters, every one random, gates and zero beginnings too, so that no gradient hides behind
/// a zero. All of them learn.
final class Doubles implements MadeSource, AutoCloseable {

    private final SplittableRandom random;
    private final Map<String, Tensor> made = new LinkedHashMap<>();

    Doubles(long seed) {
        random = new SplittableRandom(seed);
    }

    /// All parameters that were asked for, by name.
    Map<String, Tensor> made() {
        return made;
    }

    Tensor random(double mean, double deviation, long... shape) {
        int n = 1;
        for (long extent : shape) {
            n *= (int) extent;
        }
        var values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian(mean, deviation);
        }
        return Tensor.of(values, shape);
    }

    /// An input that gradients are taken of, among the parameters as `name`.
    Tensor input(String name, long... shape) {
        return made.computeIfAbsent(name, _ -> random(0, 1, shape).retain().requireGradient());
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        boolean norm = shape.length == 1 && name.endsWith("weight");
        return made.computeIfAbsent(
                name, _ -> random(norm ? 1 : 0, 0.4, shape).retain().requireGradient());
    }

    @Override
    public void close() {
        made.values().forEach(Tensor::close);
        made.clear();
    }
}

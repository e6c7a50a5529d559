package dev.aerie.language;

import dev.aerie.nn.MadeSource;
import dev.aerie.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// A source whose every tensor is random, norms and biases too, and which remembers the values.
final class RandomSource implements MadeSource, AutoCloseable {

    private final SplittableRandom random;
    private final double deviation;
    private final List<Tensor> made = new ArrayList<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    RandomSource(long seed, double deviation) {
        random = new SplittableRandom(seed);
        this.deviation = deviation;
    }

    float[] values(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        int n = 1;
        for (long extent : shape) {
            n *= (int) extent;
        }
        var numbers = new float[n];
        double mean = name.endsWith("norm.weight") ? 1 : 0;
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextGaussian(mean, deviation);
        }
        values.put(name, numbers);
        var tensor = Tensor.of(numbers, shape).retain();
        made.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        made.forEach(Tensor::close);
        made.clear();
    }
}

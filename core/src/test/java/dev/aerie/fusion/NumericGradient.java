package dev.aerie.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Compares gradients with differences of the loss itself, in float64.
final class NumericGradient {

    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;

    /// How many numbers of each parameter are moved.
    private static final int MOVED = 3;

    private NumericGradient() {}

    /// @param output computed from what `source` holds
    static void check(Doubles source, Supplier<Tensor> output) {
        var random = new SplittableRandom(11);
        try (var _ = TensorScope.open()) {
            var first = output.get();
            assertThat(first.dtype()).isEqualTo(DType.F64);
            var shares = new double[Math.toIntExact(first.elements())];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = random.nextGaussian();
            }
            var weights = Tensor.of(shares, first.shape());
            first.times(weights).sum().backward();
            source.made().forEach((name, parameter) -> {
                var gradient = parameter.gradient().map(Tensor::toDoubles).orElse(new double[0]);
                assertThat(gradient).describedAs("gradient of " + name).isNotEmpty();
                var memory = parameter.detach().segment();
                for (int i = 0; i < MOVED; i++) {
                    int at = random.nextInt(gradient.length);
                    double expected = difference(memory, at, output, weights);
                    assertThat(Math.abs(gradient[at] - expected))
                            .describedAs(name + "[" + at + "]: " + gradient[at] + ", numerically " + expected)
                            .isLessThan(TOLERANCE * (1 + Math.abs(expected)));
                }
            });
        }
    }

    private static double difference(MemorySegment memory, int at, Supplier<Tensor> output, Tensor weights) {
        long place = 8L * at;
        double value = memory.get(ValueLayout.JAVA_DOUBLE, place);
        memory.set(ValueLayout.JAVA_DOUBLE, place, value + STEP);
        double above = loss(output, weights);
        memory.set(ValueLayout.JAVA_DOUBLE, place, value - STEP);
        double below = loss(output, weights);
        memory.set(ValueLayout.JAVA_DOUBLE, place, value);
        return (above - below) / (2 * STEP);
    }

    private static double loss(Supplier<Tensor> output, Tensor weights) {
        try (var _ = TensorScope.open()) {
            return output.get().times(weights).sum().item();
        }
    }
}

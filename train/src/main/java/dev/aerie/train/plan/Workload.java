package dev.aerie.train.plan;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What is known of the data and the machine's speed.
///
/// @param row     positions of a row, visual tokens included; the stage's longest if unknown
/// @param samples of the training set; the number of steps depends on it where a stage is measured in epochs
/// @param seconds that one step was measured to take
public record Workload(OptionalInt row, OptionalLong samples, OptionalDouble seconds) {

    public static final Workload UNKNOWN =
            new Workload(OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty());

    public Workload withRow(int positions) {
        return new Workload(OptionalInt.of(positions), samples, seconds);
    }

    public Workload withSamples(long count) {
        return new Workload(row, OptionalLong.of(count), seconds);
    }

    public Workload withSeconds(double perStep) {
        return new Workload(row, samples, OptionalDouble.of(perStep));
    }
}

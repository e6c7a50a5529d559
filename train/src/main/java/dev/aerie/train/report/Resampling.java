package dev.aerie.train.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Intervals by drawing with replacement what does not depend on each other, such as pictures with all their answers.
/// The same groups always give the same interval.
public final class Resampling {

    /// Of the random numbers.
    public static final long SEED = 20_240_828;

    private Resampling() {}

    /// The interval of a number that is made of groups, from so many draws.
    public static <T> Interval of(List<T> groups, int draws, ToDoubleFunction<List<T>> number) {
        var random = new SplittableRandom(SEED);
        var values = new double[draws];
        for (int draw = 0; draw < values.length; draw++) {
            values[draw] = number.applyAsDouble(drawn(groups, random));
        }
        Arrays.sort(values);
        return Interval.of(values);
    }

    /// As many as there are, each any of them.
    public static <T> List<T> drawn(List<T> groups, SplittableRandom random) {
        var drawn = new ArrayList<T>(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            drawn.add(groups.get(random.nextInt(groups.size())));
        }
        return drawn;
    }
}

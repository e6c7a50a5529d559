package dev.aerie.train.recipe;

/// A schedule before the number of steps is known.
///
/// @param floor where the way down ends, as a share of the peak
public record Pace(Schedule.Kind kind, Warmup warmup, double floor, Length length) {

    /// How long the way up is.
    public sealed interface Warmup {

        /// A share of all steps, rounded up as in the reference.
        record Ratio(double share) implements Warmup {}

        record Steps(long count) implements Warmup {}
    }

    /// How long a stage is.
    public sealed interface Length {

        /// Passes over the data; a part of one is allowed.
        record Epochs(double passes) implements Length {}

        record Steps(long count) implements Length {}
    }

    /// The optimiser's steps of a stage.
    ///
    /// @param stepsPerEpoch steps that one pass over the data takes; only counts where the length is in passes
    public long steps(long stepsPerEpoch) {
        return switch (length) {
            case Length.Epochs(var passes) -> Math.max(1, (long) Math.ceil(passes * stepsPerEpoch));
            case Length.Steps(var count) -> count;
        };
    }

    public Schedule schedule(long stepsPerEpoch) {
        long steps = steps(stepsPerEpoch);
        long up = switch (warmup) {
            case Warmup.Ratio(var share) -> (long) Math.ceil(share * steps);
            case Warmup.Steps(var count) -> count;
        };
        return new Schedule(kind, up, steps, floor);
    }
}

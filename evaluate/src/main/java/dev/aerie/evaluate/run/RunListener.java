package dev.aerie.evaluate.run;

/// Hears how a run goes on.
@FunctionalInterface
public interface RunListener {

    /// @param benchmark its name
    /// @param done      records of `of`
    /// @param skipped   of those done
    /// @param score     mean of those asked so far, in percent
    /// @param perSecond records a second in this process
    /// @param left      seconds until the end
    record Stand(String benchmark, long done, long of, long skipped, double score, double perSecond, double left) {}

    void at(Stand stand);
}

package dev.aerie.evaluate.report;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.train.report.Interval;
import java.util.List;

/// What a run came to on one benchmark.
///
/// @param benchmark its name
/// @param asked     records
/// @param skipped   records, which no figure counts
/// @param failed    records of those asked that could not be answered
/// @param figures   the published one first
public record Result(
        String benchmark,
        String title,
        long asked,
        long skipped,
        long failed,
        List<Value> figures,
        Calibration calibration) {

    /// A figure with its 95 % interval.
    public record Value(String name, double value, double low, double high) {

        /// The interval as text; where drawing other pictures changes nothing, as with one picture, there is none.
        public String interval() {
            return low == high ? "–" : EvalReport.number(low) + " to " + EvalReport.number(high);
        }
    }

    public Result {
        figures = List.copyOf(figures);
    }

    /// The one that is published.
    public Value headline() {
        return figures.getFirst();
    }

    public static Result of(Benchmark benchmark, List<Scored> lines, boolean strict) {
        var how = strict ? Scoring.STRICT : Scoring.REFERENCE;
        var groups = Bootstrap.groups(benchmark, lines);
        var intervals = Bootstrap.of(benchmark, groups, how);
        var figures = benchmark.figures(groups, how).stream()
                .map(figure -> {
                    var interval = intervals.getOrDefault(figure.name(), new Interval(figure.value(), figure.value()));
                    return new Value(figure.name(), figure.value(), interval.low(), interval.high());
                })
                .toList();
        var asked = lines.stream().filter(Scored::asked).toList();
        return new Result(
                benchmark.card().name(),
                benchmark.card().title(),
                asked.size(),
                lines.size() - asked.size(),
                asked.stream().filter(Scored::hasFailed).count(),
                figures,
                Calibration.of(asked));
    }
}

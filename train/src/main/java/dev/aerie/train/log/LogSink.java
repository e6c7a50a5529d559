package dev.aerie.train.log;

import java.util.List;

/// Hears of a run as it goes.
public interface LogSink extends AutoCloseable {

    void step(StepLog step);

    void validation(ValidationLog validation);

    /// Hears of held-out samples, all of one step together.
    default void sample(SampleLog sample) {}

    @Override
    void close();

    /// One that tells several, in order.
    static LogSink all(List<LogSink> sinks) {
        var each = List.copyOf(sinks);
        return new LogSink() {
            @Override
            public void step(StepLog step) {
                each.forEach(sink -> sink.step(step));
            }

            @Override
            public void validation(ValidationLog validation) {
                each.forEach(sink -> sink.validation(validation));
            }

            @Override
            public void sample(SampleLog sample) {
                each.forEach(sink -> sink.sample(sample));
            }

            @Override
            public void close() {
                each.forEach(LogSink::close);
            }
        };
    }
}

package dev.aerie.train.log;

/// Steps, validations and samples as JSON lines in a run's folder.
public final class JsonLog implements LogSink {

    private final JsonLines<StepLog> steps;
    private final JsonLines<ValidationLog> validations;
    private final JsonLines<SampleLog> samples;

    /// @param step the last that counts, see [JsonLines#resume]
    public JsonLog(RunFolder folder, long step) {
        steps = JsonLines.resume(folder.log(), StepLog.class, StepLog::step, step);
        validations = JsonLines.resume(folder.validation(), ValidationLog.class, ValidationLog::step, step);
        samples = JsonLines.resume(folder.samples(), SampleLog.class, SampleLog::step, step);
    }

    @Override
    public void step(StepLog step) {
        steps.append(step);
    }

    @Override
    public void validation(ValidationLog validation) {
        validations.append(validation);
    }

    @Override
    public void sample(SampleLog sample) {
        samples.append(sample);
    }

    @Override
    public void close() {
        try (steps;
                validations) {
            samples.close();
        }
    }
}

package dev.aerie.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalLogTest {

    private static final StepLog STEP =
            new StepLog(12, 2180, 2.31456, 9.8e-4, 1.9234, 50_000, 1234.5, 3.21, 6_960, 2, 14_200_000_000L);
    private static final ValidationLog VALIDATION = new ValidationLog(12, 1.25, 0.5, 64, 75);

    @Test
    void aLineSaysWhatCounts() {
        assertThat(TerminalLog.line(STEP))
                .isEqualTo("step 12/2180  loss 2.3146  rate 9.80e-04  norm 1.92  1,235 tokens/s  3.21 s a step"
                        + "  1 h 56 min left  2 skipped  14.2 GB");
    }

    @Test
    void everyStepAndValidationHasALine() {
        var text = new StringWriter();
        try (var log = LogSink.all(List.of(new TerminalLog(new PrintWriter(text))))) {
            log.step(STEP);
            log.validation(VALIDATION);
            log.step(STEP);
        }
        assertThat(text.toString())
                .hasLineCount(3)
                .contains("\nstep 12  validation")
                .contains("exact match 50.0 % of 64")
                .doesNotContain("\r", "\033");
    }

    @Test
    void timesAndBytesAsPeopleSayThem() {
        assertThat(List.of(0.0, 9.994, 9.996, 59.4, 59.6, 3599.0, 7325.0, 90_000.0))
                .extracting(TerminalLog::duration)
                .containsExactly(
                        "0.00 s", "9.99 s", "10 s", "59 s", "1 min 00 s", "59 min 59 s", "2 h 02 min", "1 d 01 h");
        assertThat(TerminalLog.duration(Double.NaN)).isEqualTo("?");
        assertThat(List.of(0.0, 999.0, 999.6, 99_940.0, 99_960.0, 18_123_456_789.0))
                .extracting(TerminalLog::bytes)
                .containsExactly("0 B", "999 B", "1.0 kB", "99.9 kB", "100 kB", "18.1 GB");
    }
}

package dev.aerie.train.log;

import java.io.PrintWriter;
import java.util.Locale;

/// One line a step, and one for each validation.
public final class TerminalLog implements LogSink {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private final PrintWriter out;

    public TerminalLog(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void step(StepLog step) {
        out.println(line(step));
        out.flush();
    }

    @Override
    public void validation(ValidationLog validation) {
        out.println(String.format(
                Locale.ROOT,
                "step %d  validation loss %.4f  exact match %.1f %% of %d  %s",
                validation.step(),
                validation.loss(),
                100 * validation.exactMatch(),
                validation.count(),
                duration(validation.seconds())));
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }

    static String line(StepLog step) {
        return String.format(
                Locale.ROOT,
                "step %d/%d  loss %.4f  rate %.2e  norm %.3g  %,.0f tokens/s  %s a step  %s left%s%s",
                step.step(),
                step.of(),
                step.loss(),
                step.rate(),
                step.gradientNorm(),
                step.tokensPerSecond(),
                duration(step.seconds()),
                duration(step.remaining()),
                step.skipped() == 0 ? "" : "  " + step.skipped() + " skipped",
                step.memory() == 0 ? "" : "  " + bytes(step.memory()));
    }

    /// A time as people say it: `0.42 s`, `3 min 20 s`, `2 h 05 min`, `4 d 03 h`.
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) {
            return "?";
        }
        if (seconds < 9.995) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return whole < 86_400
                ? String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60)
                : String.format(Locale.ROOT, "%,d d %02d h", whole / 86_400, whole % 86_400 / 3600);
    }

    /// Decimal units, as disks and published model sizes count: `18.1 GB`.
    public static String bytes(double bytes) {
        int unit = 0;
        while (bytes >= 999.5 && unit < UNITS.length - 1) {
            bytes /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes, UNITS[unit]);
    }
}

package dev.aerie.train.log;

import java.io.PrintWriter;
import java.util.Locale;

/// One line a step. On a terminal each takes the place of the one before; validations stay.
public final class TerminalLog implements LogSink {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private final PrintWriter out;
    private final boolean inPlace;
    private final int columns;
    private boolean open;

    /// For a file or a pipe.
    public TerminalLog(PrintWriter out) {
        this(out, false, Integer.MAX_VALUE);
    }

    /// For a terminal, whose lines must not wrap to be written over.
    ///
    /// @param columns of the terminal
    public TerminalLog(PrintWriter out, int columns) {
        this(out, true, Math.max(columns, 20));
    }

    private TerminalLog(PrintWriter out, boolean inPlace, int columns) {
        this.out = out;
        this.inPlace = inPlace;
        this.columns = columns;
    }

    @Override
    public void step(StepLog step) {
        if (inPlace) {
            var line = line(step);
            out.print("\r" + line.substring(0, Math.min(line.length(), columns - 1)) + "\033[K");
            open = true;
        } else {
            out.println(line(step));
        }
        out.flush();
    }

    @Override
    public void validation(ValidationLog validation) {
        endLine();
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

    /// Leaves the last line where it stands.
    @Override
    public void close() {
        endLine();
        out.flush();
    }

    private void endLine() {
        if (open) {
            out.println();
            open = false;
        }
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

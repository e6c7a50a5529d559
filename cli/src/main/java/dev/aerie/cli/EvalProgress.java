package dev.aerie.cli;

import dev.aerie.evaluate.run.RunListener;
import dev.aerie.train.log.TerminalLog;
import java.io.PrintWriter;
import java.util.Locale;

/// Shows how a run goes on: one line on a terminal, elsewhere a line every half minute.
final class EvalProgress implements RunListener, AutoCloseable {

    private static final long PAUSE = 30_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private long last = System.nanoTime();
    private boolean shown;

    EvalProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void at(Stand stand) {
        long now = System.nanoTime();
        if (terminal) {
            err.print("\r\033[K" + line(stand));
            err.flush();
            shown = true;
        } else if (now - last >= PAUSE) {
            err.println(line(stand));
            last = now;
        }
    }

    private static String line(Stand stand) {
        return "%s  %s of %s  score so far %s  %s a second  %s left%s"
                .formatted(
                        stand.benchmark(),
                        Plain.count(stand.done()),
                        Plain.count(stand.of()),
                        String.format(Locale.ROOT, "%.1f", stand.score()),
                        String.format(Locale.ROOT, "%.2f", stand.perSecond()),
                        TerminalLog.duration(stand.left()),
                        stand.skipped() == 0 ? "" : "  " + Plain.count(stand.skipped()) + " skipped");
    }

    /// Wipes the line.
    @Override
    public void close() {
        if (shown) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}

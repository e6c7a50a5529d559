package dev.aerie.cli;

import dev.aerie.eagle.Progress;
import java.io.PrintWriter;

/// Shows what is being done on one line of a terminal, from the second second on; elsewhere nothing.
final class ProgressLine implements Progress, AutoCloseable {

    private static final long PATIENCE = 1_000_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private boolean shown;

    ProgressLine(PrintWriter err) {
        this.err = err;
        terminal = System.console() != null && System.console().isTerminal();
    }

    @Override
    public void at(String what, int done, int total) {
        long elapsed = System.nanoTime() - start;
        if (terminal && (total > 1 || elapsed > PATIENCE)) {
            err.printf("\r\033[K%s (%d of %d, %.0f s)", what, done + 1, total, elapsed / 1e9);
            err.flush();
            shown = true;
        }
    }

    /// Wipes the line.
    @Override
    public void close() {
        if (shown) {
            err.print("\r\033[K");
            err.flush();
            shown = false;
        }
    }
}

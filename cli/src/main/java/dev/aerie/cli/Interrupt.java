package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.Progress;
import java.io.PrintWriter;

/// Ends an answer that is no longer wanted: between two tokens, or between two experts while pictures are looked at.
/// Shows how far the experts are.
final class Interrupt implements Progress, AutoCloseable {

    private final PrintWriter err;
    private ProgressLine line;
    private volatile boolean asked;

    Interrupt(PrintWriter err) {
        this.err = err;
        line = new ProgressLine(err);
    }

    /// A new answer begins, and is wanted.
    void begin() {
        asked = false;
        line = new ProgressLine(err);
    }

    /// From any thread.
    void stop() {
        asked = true;
    }

    boolean isAsked() {
        return asked;
    }

    @Override
    public void at(String what, int done, int total) {
        if (asked) {
            throw new AerieException("stopped");
        }
        line.at(what, done, total);
    }

    /// Wipes the line.
    @Override
    public void close() {
        line.close();
    }
}

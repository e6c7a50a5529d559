package dev.aerie.evaluate.run;

import dev.aerie.evaluate.benchmark.Scored;
import java.util.ArrayList;
import java.util.List;

/// Counts as a run goes on.
final class Tally {

    private final String benchmark;
    private final long of;
    private final RunListener listener;
    private final long start = System.nanoTime();
    private final List<Scored> before = new ArrayList<>();

    private long done;
    private long here;
    private long skipped;
    private long failed;
    private double sum;
    private String flaw = "";

    Tally(String benchmark, long of, RunListener listener) {
        this.benchmark = benchmark;
        this.of = of;
        this.listener = listener;
    }

    /// A line of an earlier process.
    void before(Scored scored) {
        before.add(scored);
    }

    /// Takes over what counts of the earlier lines.
    void resume(long lines) {
        before.subList(0, (int) lines).forEach(this::count);
        before.clear();
    }

    private void count(Scored scored) {
        done++;
        if (!scored.asked()) {
            skipped++;
            flaw = scored.skipped();
        } else if (scored.hasFailed()) {
            failed++;
            flaw = scored.note();
        }
        sum += scored.score();
    }

    long asked() {
        return done - skipped;
    }

    long answered() {
        return asked() - failed;
    }

    /// Why the last one that was skipped, or failed, was.
    String flaw() {
        return flaw;
    }

    void batch(List<Scored> lines) {
        lines.forEach(this::count);
        here += lines.size();
        double seconds = (System.nanoTime() - start) / 1e9;
        double rate = here / Math.max(1e-9, seconds);
        listener.at(new RunListener.Stand(
                benchmark, done, of, skipped, asked() == 0 ? 0 : 100 * sum / asked(), rate, (of - done) / rate));
    }
}

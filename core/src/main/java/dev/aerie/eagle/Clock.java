package dev.aerie.eagle;

/// When pictures, prompt and answer were done.
final class Clock {

    private final long start;
    private final long looked;
    private long first;
    private long last;

    Clock(long start, long looked) {
        this.start = start;
        this.looked = looked;
    }

    void token() {
        last = System.nanoTime();
        if (first == 0) {
            first = last;
        }
    }

    Answer.Timings timings(int promptTokens) {
        return new Answer.Timings(
                seconds(looked - start), seconds(first - looked), seconds(last - first), promptTokens);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}

package dev.aerie.cli;

/// One thing that `doctor` looked at.
///
/// @param value  what was found, in words
/// @param advice what to do about it; empty if nothing
record Finding(String name, Verdict verdict, String value, String advice) {

    enum Verdict {
        GOOD,
        ADVICE,
        BROKEN
    }

    static Finding good(String name, String value) {
        return new Finding(name, Verdict.GOOD, value, "");
    }

    static Finding advice(String name, String value, String advice) {
        return new Finding(name, Verdict.ADVICE, value, advice);
    }

    static Finding broken(String name, String value, String advice) {
        return new Finding(name, Verdict.BROKEN, value, advice);
    }
}

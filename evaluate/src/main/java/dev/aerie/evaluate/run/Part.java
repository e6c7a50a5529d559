package dev.aerie.evaluate.run;

import dev.aerie.AerieException;

/// A part of the work: every `of`th window of records, from the `number`th on.
///
/// @param number from 1 to `of`
public record Part(int number, int of) {

    public static final Part ALL = new Part(1, 1);

    /// Records that are planned together.
    static final int WINDOW = 128;

    private static final int MOST = 10_000;

    public Part {
        if (of < 1 || of > MOST || number < 1 || number > of) {
            throw new AerieException("cannot take part " + number + " of " + of + ": expected 1/1 to N/N, such as 2/4");
        }
    }

    /// Reads `2/4`.
    public static Part of(String text) {
        if (!text.matches("\\d{1,5}/\\d{1,5}")) {
            throw new AerieException("cannot take part '" + text + "': expected two numbers, such as 2/4");
        }
        var slash = text.indexOf('/');
        return new Part(Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    boolean has(long window) {
        return window % of == number - 1;
    }

    /// How many of these records are the part's.
    long size(long records) {
        long size = 0;
        for (long window = number - 1L; window * WINDOW < records; window += of) {
            size += Math.min(WINDOW, records - window * WINDOW);
        }
        return size;
    }

    @Override
    public String toString() {
        return number + "/" + of;
    }
}

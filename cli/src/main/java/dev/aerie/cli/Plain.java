package dev.aerie.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/// Numbers and foreign text as people read them.
final class Plain {

    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

    private Plain() {}

    /// Decimal units, as disks and published model sizes count: `18.1 GB`.
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0
                ? "%d bytes".formatted(bytes)
                : String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /// Digits in groups of three.
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// Lines of text out of a file, without what else would steer a terminal.
    static String lines(String foreign) {
        return foreign.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }

    /// Prints lines at once, without what would steer a terminal.
    static Consumer<String> printing(PrintWriter out) {
        return line -> {
            out.println(text(line));
            out.flush();
        };
    }

    /// Text out of a file, without what would steer a terminal.
    static String text(String foreign) {
        return foreign.replaceAll("\\p{Cntrl}", "?");
    }
}

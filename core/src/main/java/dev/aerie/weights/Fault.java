package dev.aerie.weights;

import dev.aerie.AerieException;
import java.nio.file.Path;

/// How this package words its errors: what was being done with which file, what is wrong, what to do. What comes
/// from a file may be anything, so it is shortened and line breaks are made visible: an error is one line.
final class Fault {

    private static final int LONGEST_QUOTE = 120;

    private Fault() {}

    static AerieException reading(Path file, String problem, String remedy) {
        return new AerieException(text("Reading", file, problem, remedy));
    }

    static AerieException reading(Path file, String problem, String remedy, Throwable cause) {
        return new AerieException(text("Reading", file, problem, remedy), cause);
    }

    static AerieException writing(Path file, String problem, String remedy) {
        return new AerieException(text("Writing", file, problem, remedy));
    }

    static AerieException writing(Path file, String problem, String remedy, Throwable cause) {
        return new AerieException(text("Writing", file, problem, remedy), cause);
    }

    /// A name as the file gives it, made fit for an error line.
    static String quoted(String name) {
        return "'" + shortened(name) + "'";
    }

    static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }

    private static String text(String doing, Path file, String problem, String remedy) {
        return doing + " weights " + file + ": " + problem + "; " + remedy;
    }
}

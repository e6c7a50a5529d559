package dev.aerie;

/// An error that a user can act on. Its message is one line: what was being done, with which file, name or shape,
/// what was expected and what to do about it. What stands in it may come from a damaged file, so control characters
/// are shown as `?`.
public class AerieException extends RuntimeException {

    public AerieException(String message) {
        super(oneLine(message));
    }

    public AerieException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\R", " ").replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    }
}

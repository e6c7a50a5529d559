package dev.aerie;

/// An error that a user can act on. Its message is one line: what was being done, with which file, name or shape,
/// what was expected and what to do about it.
public class AerieException extends RuntimeException {

    public AerieException(String message) {
        super(message);
    }

    public AerieException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.aerie.image;

import dev.aerie.AerieException;

/// A picture over the limits of its [ReadOptions].
public final class TooLargeException extends AerieException {

    TooLargeException(String message) {
        super(message);
    }
}

package dev.aerie.image;

import dev.aerie.AerieException;
import java.util.Optional;

/// A picture over the limits of its [ReadOptions].
public final class TooLargeException extends AerieException {

    private final transient Optional<Size> claimed;

    /// @param claimed its size, where that is known
    TooLargeException(String message, Optional<Size> claimed) {
        super(message);
        this.claimed = claimed;
    }

    Optional<Size> claimed() {
        return claimed;
    }
}

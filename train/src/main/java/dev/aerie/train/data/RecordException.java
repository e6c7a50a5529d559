package dev.aerie.train.data;

import dev.aerie.AerieException;

/// The error of one record, which the others do not suffer from.
public final class RecordException extends AerieException {

    private final Flaw flaw;

    public RecordException(Flaw flaw, String message) {
        super(message);
        this.flaw = flaw;
    }

    public RecordException(Flaw flaw, String message, Throwable cause) {
        super(message, cause);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }

    /// The same error, saying which record it is about.
    RecordException of(String id) {
        return new RecordException(flaw, "record " + id + ": " + getMessage(), this);
    }
}

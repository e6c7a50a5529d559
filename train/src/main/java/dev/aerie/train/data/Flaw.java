package dev.aerie.train.data;

/// What can be wrong with a record. A flawed record is skipped in training, except where only its name is in doubt.
public enum Flaw {
    UNREADABLE("unreadable record"),
    WRONG_TYPE("wrong type"),
    MISSING_ID("missing id"),
    DUPLICATE_ID("duplicate id"),
    NO_ANSWER("no answer"),
    UNKNOWN_ROLE("unknown role"),
    ROLE_ORDER("role order"),
    EMPTY_ANSWER("empty answer"),
    STRAY_MARKER("<image> without a picture"),
    MISFIT("does not fit the template"),
    TOO_LONG("too long"),
    PICTURE_MISSING("missing picture"),
    PICTURE_OUTSIDE("picture outside its folder"),
    PICTURE_DAMAGED("damaged picture"),
    PICTURE_TOO_LARGE("too large picture");

    private final String label;

    Flaw(String label) {
        this.label = label;
    }

    /// In words, for reports.
    public String label() {
        return label;
    }

    /// Whether training does without such a record.
    public boolean skipped() {
        return this != MISSING_ID && this != DUPLICATE_ID;
    }
}

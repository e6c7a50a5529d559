package dev.aerie.cli.show;

/// Ways to show a picture.
public enum Show {
    /// The best that the terminal can do; a file where there is none.
    AUTO,
    /// Pixels, by kitty's graphics protocol.
    KITTY,
    /// Pixels, as DEC sixels.
    SIXEL,
    /// Two pixels a character, in colour.
    BLOCKS,
    /// A file.
    PNG,
    /// Not at all.
    NONE
}

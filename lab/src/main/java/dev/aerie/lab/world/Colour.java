package dev.aerie.lab.world;

import java.util.List;
import java.util.Locale;

/// The colours that things have. Any two stay apart when each channel of both is off by [#JITTER].
public enum Colour {
    RED(210, 45, 45),
    ORANGE(238, 120, 25),
    YELLOW(235, 210, 50),
    GREEN(60, 160, 60),
    TEAL(25, 160, 170),
    BLUE(45, 80, 205),
    PURPLE(125, 50, 165),
    PINK(235, 120, 185),
    /// Dark ink, of lines and fields.
    BLACK(35, 35, 40);

    /// By how much a channel differs from picture to picture at most.
    static final int JITTER = 18;

    /// The colours that questions ask about.
    static final List<Colour> BRIGHT = List.of(RED, ORANGE, YELLOW, GREEN, TEAL, BLUE, PURPLE, PINK);

    private final int red;
    private final int green;
    private final int blue;

    Colour(int red, int green, int blue) {
        this.red = red;
        this.green = green;
        this.blue = blue;
    }

    /// The word for it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int rgb() {
        return Rgb.of(red, green, blue);
    }

    /// The colour as this picture has it.
    int rgb(SplitMix64 dice) {
        return Rgb.of(
                red + dice.between(-JITTER, JITTER),
                green + dice.between(-JITTER, JITTER),
                blue + dice.between(-JITTER, JITTER));
    }
}

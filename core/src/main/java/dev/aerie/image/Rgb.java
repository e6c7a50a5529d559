package dev.aerie.image;

/// One number for each channel, on the scale where a full byte is 1.
public record Rgb(double red, double green, double blue) {

    /// The same number for all three.
    public static Rgb grey(double value) {
        return new Rgb(value, value, value);
    }

    double channel(int index) {
        return switch (index) {
            case 0 -> red;
            case 1 -> green;
            default -> blue;
        };
    }
}

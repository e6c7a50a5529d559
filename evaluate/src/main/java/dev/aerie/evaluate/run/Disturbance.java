package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;

/// What is done to pictures before they are shown, to see how much an answer rests on them.
///
/// @param kind of it
/// @param side the longer side after resizing; else 0
public record Disturbance(Kind kind, int side) {

    /// Nothing is done.
    public static final Disturbance NONE = new Disturbance(Kind.AS_IS, 0);

    private static final String RESIZED = "resized:";
    private static final int LONGEST = 8192;

    public enum Kind {
        AS_IS("as-is"),
        /// The mean colour instead of the picture.
        BLANK("blank"),
        /// The picture of another record instead.
        SHUFFLED("shuffled"),
        /// The picture with its longer side brought to a length.
        RESIZED("resized");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /// Reads `as-is`, `blank`, `shuffled` or `resized:N`.
    public static Disturbance of(String text) {
        if (text.startsWith(RESIZED) && text.substring(RESIZED.length()).matches("\\d{1,5}")) {
            int side = Integer.parseInt(text.substring(RESIZED.length()));
            if (side >= 1 && side <= LONGEST) {
                return new Disturbance(Kind.RESIZED, side);
            }
        }
        for (var kind : Kind.values()) {
            if (kind != Kind.RESIZED && kind.label.equals(text)) {
                return new Disturbance(kind, 0);
            }
        }
        throw new AerieException("cannot show pictures '" + text
                + "': expected as-is, blank, shuffled or resized:N with N from 1 to " + LONGEST);
    }

    Picture of(Picture picture) {
        return switch (kind) {
            case AS_IS, SHUFFLED -> picture;
            case BLANK -> Picture.filled(picture.width(), picture.height(), 122, 116, 104); // CLIP's mean
            case RESIZED -> resized(picture);
        };
    }

    private Picture resized(Picture picture) {
        double scale = (double) side / Math.max(picture.width(), picture.height());
        return Resize.resize(
                picture,
                Math.max(1, (int) Math.round(scale * picture.width())),
                Math.max(1, (int) Math.round(scale * picture.height())),
                Filter.BICUBIC);
    }

    @Override
    public String toString() {
        return kind == Kind.RESIZED ? RESIZED + side : kind.label;
    }
}

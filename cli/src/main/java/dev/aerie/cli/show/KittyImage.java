package dev.aerie.cli.show;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A picture by kitty's graphics protocol: a PNG (`f=100`) in base64, transmitted and displayed (`a=T`) in pieces of at
/// most 4,096 bytes, without an answer from the terminal (`q=2`).
public final class KittyImage {

    private static final int PIECE = 4096;

    private KittyImage() {}

    /// The escape sequences; the cursor is left beside the picture's last row.
    public static String of(Picture picture) {
        var data = new String(Base64.getEncoder().encode(Pictures.png(picture)), StandardCharsets.US_ASCII);
        var text = new StringBuilder();
        for (int from = 0; from < data.length(); from += PIECE) {
            int to = Math.min(data.length(), from + PIECE);
            text.append("\033_G");
            if (from == 0) {
                text.append("f=100,a=T,q=2,");
            }
            text.append(to < data.length() ? "m=1;" : "m=0;")
                    .append(data, from, to)
                    .append("\033\\");
        }
        return text.toString();
    }
}

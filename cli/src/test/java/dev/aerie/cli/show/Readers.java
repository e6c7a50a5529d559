package dev.aerie.cli.show;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.regex.Pattern;

/// Reads what was written for a terminal back into a picture.
public final class Readers {

    private static final Pattern CELL =
            Pattern.compile("\033\\[38;2;(\\d+);(\\d+);(\\d+)(?:;48;2;(\\d+);(\\d+);(\\d+))?m▀");
    private static final Pattern PIECE = Pattern.compile("\033_G([^;]*);([A-Za-z0-9+/=]{1,4096})\033\\\\");

    private Readers() {}

    /// Half blocks of an even or odd height.
    public static Picture blocks(String text) {
        var lines = text.lines().toList();
        int width = 0;
        int height = 0;
        var upper = new ByteArrayOutputStream();
        for (var line : lines) {
            var lower = new ByteArrayOutputStream();
            var cells = CELL.matcher(line);
            width = 0;
            int end = 0;
            for (; cells.find(); width++) {
                if (cells.start() != end) {
                    throw new IllegalArgumentException("strange text before a cell");
                }
                end = cells.end();
                for (int i = 1; i <= 3; i++) {
                    upper.write(Integer.parseInt(cells.group(i)));
                    if (cells.group(i + 3) != null) {
                        lower.write(Integer.parseInt(cells.group(i + 3)));
                    }
                }
            }
            if (!line.substring(end).equals("\033[0m")) {
                throw new IllegalArgumentException("a line does not end its colours");
            }
            height += lower.size() > 0 ? 2 : 1;
            upper.writeBytes(lower.toByteArray());
        }
        return new Picture(width, height, upper.toByteArray());
    }

    /// A picture in kitty's pieces, the last of which says so.
    public static Picture kitty(String text) {
        var pieces = PIECE.matcher(text);
        var data = new StringBuilder();
        boolean more = true;
        int end = 0;
        for (int i = 0; pieces.find(); i++) {
            var expected = i == 0 ? "f=100,a=T,q=2,m=" : "m=";
            if (!more || pieces.start() != end || !pieces.group(1).startsWith(expected)) {
                throw new IllegalArgumentException("strange piece: " + pieces.group(1));
            }
            end = pieces.end();
            more = pieces.group(1).endsWith("m=1");
            data.append(pieces.group(2));
        }
        if (more || !text.substring(end).isBlank()) {
            throw new IllegalArgumentException("the last piece is missing");
        }
        return Pictures.read(Base64.getDecoder().decode(data.toString()), "kitty", ReadOptions.DEFAULT);
    }
}

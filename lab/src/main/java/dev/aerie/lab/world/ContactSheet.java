package dev.aerie.lab.world;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import java.util.ArrayList;
import java.util.List;

/// Pictures side by side at twice their size, with caption and some questions below each.
public final class ContactSheet {

    /// The most pictures on a sheet.
    public static final int MOST = 256;

    private static final int WIDE = 2 * World.SIDE;
    private static final int GAP = 10;
    private static final int CAPTION_LINES = 5;
    private static final int QUESTIONS = 4;
    private static final double ADVANCE = 6.5;
    private static final double LINE_HEIGHT = 11;
    private static final int TEXT_HEIGHT = (int) ((CAPTION_LINES + QUESTIONS + 1) * LINE_HEIGHT);
    private static final int CAPTION_INK = 0x1E3C8C;

    private ContactSheet() {}

    /// A sheet about as wide as high; refuses none and more than [#MOST] pictures.
    public static Picture of(List<Drawing> drawings) {
        if (drawings.isEmpty() || drawings.size() > MOST) {
            throw new AerieException("cannot draw a sheet of " + drawings.size() + " pictures: expected 1 to " + MOST);
        }
        var columns = (int) Math.ceil(Math.sqrt(drawings.size()));
        var rows = (drawings.size() + columns - 1) / columns;
        var cellWidth = WIDE + GAP;
        var cellHeight = WIDE + TEXT_HEIGHT + GAP;
        var sheet = Picture.filled(columns * cellWidth + GAP, rows * cellHeight + GAP, 255, 255, 255);
        for (var i = 0; i < drawings.size(); i++) {
            var x = GAP + i % columns * cellWidth;
            var y = GAP + i / columns * cellHeight;
            paste(doubled(drawings.get(i).picture()), sheet, x, y);
            paste(text(drawings.get(i)), sheet, x, y + WIDE);
        }
        return sheet;
    }

    private static void paste(Picture picture, Picture sheet, int left, int top) {
        for (var y = 0; y < picture.height(); y++) {
            System.arraycopy(
                    picture.rgb(),
                    3 * y * picture.width(),
                    sheet.rgb(),
                    3 * ((top + y) * sheet.width() + left),
                    3 * picture.width());
        }
    }

    private static Picture doubled(Picture picture) {
        var width = 2 * picture.width();
        var rgb = new byte[4 * picture.rgb().length];
        for (var at = 0; at < rgb.length; at++) {
            var x = at / 3 % width / 2;
            var y = at / 3 / width / 2;
            rgb[at] = picture.rgb()[3 * (y * picture.width() + x) + at % 3];
        }
        return new Picture(width, 2 * picture.height(), rgb);
    }

    private static Picture text(Drawing drawing) {
        var raster = new Raster(WIDE, TEXT_HEIGHT, Rgb.WHITE);
        var room = (int) (WIDE / ADVANCE);
        var lines = wrapped(drawing.caption(), room);
        raster.ink(CAPTION_INK);
        var y = LINE_HEIGHT / 2;
        for (var line : lines.subList(0, Math.min(CAPTION_LINES, lines.size()))) {
            StrokeFont.write(raster, line, 0, y, ADVANCE);
            y += LINE_HEIGHT;
        }
        raster.ink(Colour.BLACK.rgb());
        y += LINE_HEIGHT / 4;
        for (var question : drawing.questions()) {
            for (var line : wrapped(question.text() + " " + question.answer(), room)) {
                if (y + LINE_HEIGHT <= TEXT_HEIGHT) {
                    StrokeFont.write(raster, line, 0, y, ADVANCE);
                }
                y += LINE_HEIGHT;
            }
        }
        return raster.picture(new SplitMix64(drawing.seed()), 0);
    }

    private static List<String> wrapped(String text, int room) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}

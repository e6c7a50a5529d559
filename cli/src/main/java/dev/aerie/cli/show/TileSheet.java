package dev.aerie.cli.show;

import dev.aerie.image.Box;
import dev.aerie.image.Canvas;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import dev.aerie.lab.world.Lettering;
import dev.aerie.tiling.Tiles;
import dev.aerie.tiling.View;
import java.util.ArrayList;
import java.util.List;

/// What several tilings would show an encoder of one picture: a block for each, with a title above its views, each view
/// outlined where it lies on its canvas.
public final class TileSheet {

    private static final int WIDTH = 920;
    private static final int TALLEST = 300;
    private static final int WHOLE = 150;
    private static final int GAP = 5;
    private static final int MARGIN = 14;
    private static final int GROUND = 0xF4F3EF;
    private static final int INK = 0x22303C;
    private static final int OUTLINE = 0xC8452B;
    private static final Lettering TITLES = new Lettering(11, INK, GROUND);

    private TileSheet() {}

    /// A block of the sheet.
    ///
    /// @param title one line, see [Lettering]
    public record Row(String title, Tiles tiles) {}

    /// The blocks, one below the other.
    public static Picture of(Picture picture, List<Row> rows) {
        var blocks = new ArrayList<Picture>();
        for (var row : rows) {
            blocks.add(TITLES.line(row.title()));
            blocks.add(views(picture, row.tiles()));
        }
        int width = 2 * MARGIN + blocks.stream().mapToInt(Picture::width).max().orElse(0);
        int height = MARGIN
                + blocks.stream().mapToInt(block -> block.height() + MARGIN).sum();
        var sheet = filled(width, height, GROUND);
        int top = MARGIN;
        for (var block : blocks) {
            sheet = Canvas.paste(sheet, block, MARGIN, top);
            top += block.height() + MARGIN;
        }
        return sheet;
    }

    /// All surfaces of a tiling side by side: those of several views large, the whole picture small.
    private static Picture views(Picture picture, Tiles tiles) {
        var surfaces = tiles.surfaces().stream()
                .map(surface -> surface(picture, surface, surface.views().size() > 1))
                .toList();
        int width = surfaces.stream().mapToInt(each -> each.width() + MARGIN).sum() - MARGIN;
        int height = surfaces.stream().mapToInt(Picture::height).max().orElse(1);
        var row = filled(width, height, GROUND);
        int left = 0;
        for (var surface : surfaces) {
            row = Canvas.paste(row, surface, left, 0);
            left += surface.width() + MARGIN;
        }
        return row;
    }

    private static Picture surface(Picture picture, Tiles.Surface surface, boolean several) {
        var canvas = surface.size();
        double room = several ? WIDTH - WHOLE - MARGIN : WHOLE;
        double scale = Math.min(room / canvas.width(), (several ? TALLEST : WHOLE) / (double) canvas.height());
        var arrangement = surface.arrangement();
        var drawn = filled(
                length(scale * canvas.width()) + arrangement.width() * GAP,
                length(scale * canvas.height()) + arrangement.height() * GAP,
                GROUND);
        for (var view : surface.views()) {
            drawn = paste(drawn, picture, view, scale);
        }
        return drawn;
    }

    /// The view where it lies, moved apart from its neighbours, with a line around it.
    private static Picture paste(Picture drawn, Picture picture, View view, double scale) {
        Box part = view.part();
        int left = (int) Math.round(scale * part.left()) + part.left() / part.width() * GAP;
        int top = (int) Math.round(scale * part.top()) + part.top() / part.height() * GAP;
        var small = Resize.resize(
                view.of(picture), length(scale * part.width()), length(scale * part.height()), Filter.BICUBIC);
        var frame = filled(small.width() + 2, small.height() + 2, OUTLINE);
        return Canvas.paste(drawn, Canvas.paste(frame, small, 1, 1), left, top);
    }

    private static int length(double pixels) {
        return Math.max(1, (int) Math.round(pixels));
    }

    private static Picture filled(int width, int height, int rgb) {
        return Picture.filled(width, height, rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF);
    }
}

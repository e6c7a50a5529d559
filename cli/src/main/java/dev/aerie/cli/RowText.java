package dev.aerie.cli;

import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Row;
import dev.aerie.train.data.SampleMaker;
import java.util.Arrays;

/// A training row as text. What is learned is green, or stands in «» without colours; an independent turn begins a
/// line.
final class RowText {

    private static final String GREEN = "\033[32m";
    private static final String DIM = "\033[2m";
    private static final String PLAIN = "\033[0m";

    private final SampleMaker maker;
    private final int visual;
    private final boolean colours;

    /// @param visual tokens that the picture becomes
    RowText(SampleMaker maker, int visual, boolean colours) {
        this.maker = maker;
        this.visual = visual;
        this.colours = colours;
    }

    String of(Row row) {
        var text = new StringBuilder();
        var begin = 0;
        var from = 0;
        for (var to = 1; to <= row.ids().length; to++) {
            if (to < row.ids().length && alike(row, to - 1, to)) {
                continue;
            }
            var turns = from > 0 && row.turns()[from] != row.turns()[from - 1];
            if (turns) {
                text.append("\n[turn ").append(row.turns()[from]).append("] ");
            }
            if (turns || isPicture(row, from)) {
                begin = from;
            }
            text.append(stretch(row, begin, from, to));
            if (isPicture(row, from)) {
                begin = to;
            }
            from = to;
        }
        return text.toString();
    }

    private static boolean alike(Row row, int one, int other) {
        return row.turns()[one] == row.turns()[other]
                && learned(row, one) == learned(row, other)
                && isPicture(row, one) == isPicture(row, other);
    }

    private String stretch(Row row, int begin, int from, int to) {
        if (isPicture(row, from)) {
            return painted(DIM, "[picture: " + visual + " tokens]");
        }
        var text = Plain.lines(words(row, begin, from, to));
        if (!learned(row, from)) {
            return text;
        }
        return colours ? painted(GREEN, text) : "«" + text + "»";
    }

    /// The words of a stretch as they read behind those since `begin`: alone it would lose its first space.
    private String words(Row row, int begin, int from, int to) {
        var before = decoded(row, begin, from);
        var all = decoded(row, begin, to);
        return all.startsWith(before) ? all.substring(before.length()) : decoded(row, from, to);
    }

    private String decoded(Row row, int from, int to) {
        return maker.tokenizer().decode(Arrays.copyOfRange(row.ids(), from, to), false);
    }

    private String painted(String colour, String text) {
        return colours ? colour + text + PLAIN : text;
    }

    private static boolean learned(Row row, int at) {
        return row.labels()[at] != Labels.IGNORE;
    }

    private static boolean isPicture(Row row, int at) {
        return row.ids()[at] == ImageSlots.IMAGE;
    }
}

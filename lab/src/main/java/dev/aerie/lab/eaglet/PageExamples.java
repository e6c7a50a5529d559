package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Page;
import dev.aerie.text.Labels;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Row;
import dev.aerie.train.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the decoder learns before it sees: the rows of pictures, each with a [Page] where its picture will be, a cell
/// for a visual token, which is the sum of the embeddings of the cell's words.
///
/// @param blanks whether empty cells are there too; without them rows are short, and what is there is soon found
public record PageExamples(WorldExamples rows, boolean blanks) implements Examples {

    private int tokens() {
        int side = Page.side(rows.setting().cell());
        return side * side;
    }

    @Override
    public long size() {
        return rows.size();
    }

    @Override
    public String id(long index) {
        return rows.id(index);
    }

    @Override
    public List<String> kinds(long index) {
        return rows.kinds(index);
    }

    @Override
    public int length(long index) {
        return -1;
    }

    @Override
    public Sample get(long index) {
        return sample(index, rows.drawing(index));
    }

    /// The sample of a drawing.
    Sample sample(long index, Drawing drawing) {
        var row = rows.row(index, drawing, tokens());
        var cells = page(Page.of(drawing, rows.setting().cell()), rows.maker().tokenizer());
        return inPlace(rows.id(index), row, blanks ? cells : withoutBlanks(cells));
    }

    /// The tokens of each cell, at least one: padding stands for nothing.
    static int[][] page(Page page, Tokenizer tokenizer) {
        int blank = tokenizer.pad().orElseThrow();
        return page.cells().stream()
                .map(words -> words.isEmpty()
                        ? new int[] {blank}
                        : words.stream()
                                .mapToInt(word -> last(tokenizer.encode(word)))
                                .toArray())
                .toArray(int[][]::new);
    }

    private int[][] withoutBlanks(int[][] cells) {
        int blank = rows.maker().tokenizer().pad().orElseThrow();
        return Arrays.stream(cells).filter(cell -> cell[0] != blank).toArray(int[][]::new);
    }

    private static int last(int[] ids) {
        return ids[ids.length - 1];
    }

    /// The row with the page in place of its picture.
    private static Sample inPlace(String id, Row row, int[][] page) {
        int slot = Slots.ofPicture(row.ids());
        var first = Arrays.stream(page).mapToInt(cell -> cell[0]).toArray();
        var learned = new int[page.length];
        Arrays.fill(learned, Labels.IGNORE);
        var turns = new int[page.length];
        Arrays.fill(turns, row.turns()[slot]);
        var ids = Slots.replaced(row.ids(), slot, slot + 1, first);
        var also = new int[ids.length][0];
        for (int i = 0; i < page.length; i++) {
            also[slot + i] = Arrays.copyOfRange(page[i], 1, page[i].length);
        }
        return new Sample(
                id,
                ids,
                Slots.replaced(row.labels(), slot, slot + 1, learned),
                Slots.replaced(row.turns(), slot, slot + 1, turns),
                also,
                Optional.empty());
    }
}

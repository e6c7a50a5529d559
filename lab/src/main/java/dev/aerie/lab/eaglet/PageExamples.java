package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Page;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Row;
import dev.aerie.train.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the decoder learns before it sees: the rows of pictures, each with a [Page] where its picture will be, a token
/// for a token.
public record PageExamples(WorldExamples rows) implements Examples {

    /// @param rows whose maker need not know how many tokens a page has
    public PageExamples(WorldExamples rows) {
        this.rows = rows.with(rows.maker().withVisualTokens(Page.SIDE * Page.SIDE));
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
        var drawing = rows.drawing(index);
        var row = rows.row(index, drawing);
        return inPlace(rows.id(index), row, page(Page.of(drawing), rows.maker().tokenizer()));
    }

    static int[] page(Page page, Tokenizer tokenizer) {
        int blank = tokenizer.pad().orElseThrow();
        return page.words().stream()
                .mapToInt(word -> word.isEmpty() ? blank : last(tokenizer.encode(word)))
                .toArray();
    }

    private static int last(int[] ids) {
        return ids[ids.length - 1];
    }

    /// The row with the page in place of its picture.
    private static Sample inPlace(String id, Row row, int[] page) {
        int slot = IntStream.range(0, row.ids().length)
                .filter(i -> row.ids()[i] == ImageSlots.IMAGE)
                .findFirst()
                .orElseThrow();
        var learned = new int[page.length];
        Arrays.fill(learned, Labels.IGNORE);
        var turns = new int[page.length];
        Arrays.fill(turns, row.turns()[slot]);
        return new Sample(
                id,
                replaced(row.ids(), slot, page),
                replaced(row.labels(), slot, learned),
                replaced(row.turns(), slot, turns),
                Optional.empty());
    }

    private static int[] replaced(int[] row, int slot, int[] page) {
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(row, 0, slot), Arrays.stream(page)),
                        Arrays.stream(row, slot + 1, row.length))
                .toArray();
    }
}

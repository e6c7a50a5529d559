package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Page;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Sample;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the decoder learns before it sees: the rows of pictures, each with a [Page] where its picture will be, a token
/// for a token.
public record PageExamples(WorldExamples pictures) implements Examples {

    @Override
    public long size() {
        return pictures.size();
    }

    @Override
    public int length(long index) {
        return -1;
    }

    @Override
    public Sample get(long index) {
        var drawing = pictures.drawing(index);
        var row = pictures.sample(index, drawing);
        return inPlace(row, page(Page.of(drawing), pictures.maker().tokenizer()));
    }

    private static int[] page(Page page, Tokenizer tokenizer) {
        int blank = tokenizer.pad().orElseThrow();
        return page.words().stream()
                .mapToInt(word -> word.isEmpty() ? blank : last(tokenizer.encode(word)))
                .toArray();
    }

    private static int last(int[] ids) {
        return ids[ids.length - 1];
    }

    /// The row with the page in place of its picture.
    private static Sample inPlace(Sample row, int[] page) {
        int slot = IntStream.range(0, row.ids().length)
                .filter(i -> row.ids()[i] == ImageSlots.IMAGE)
                .findFirst()
                .orElseThrow();
        var learned = new int[page.length];
        Arrays.fill(learned, Labels.IGNORE);
        var turns = new int[page.length];
        Arrays.fill(turns, row.turns()[slot]);
        return new Sample(
                row.id(),
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

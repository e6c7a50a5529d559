package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.text.Labels;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.text.Turn;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the decoder learns before it sees: the caption stands where the picture will, and the questions about it follow
/// as turns that do not see each other.
///
/// @param run     number of the run, for the seeds
/// @param size    how many there are
/// @param longest rows have at most so many tokens; turns that find no room are left out
public record CaptionExamples(
        Setting setting, Split split, long run, long size, Tokenizer tokenizer, Template template, int longest)
        implements Examples {

    @Override
    public int length(long index) {
        return -1;
    }

    @Override
    public String id(long index) {
        return "caption/" + index;
    }

    /// The families of the questions.
    @Override
    public List<String> kinds(long index) {
        return setting.draw(split.seed(run, index)).questions().stream()
                .map(question -> question.family().label())
                .toList();
    }

    @Override
    public Sample get(long index) {
        var drawing = setting.draw(split.seed(run, index));
        var ids = IntStream.builder();
        var labels = IntStream.builder();
        var turns = IntStream.builder();
        var prefix = tokenizer.encode(drawing.caption());
        add(ids, labels, turns, prefix, prefix.length, prefix.length, 0);
        int used = prefix.length;
        int number = 0;
        for (var question : drawing.questions()) {
            var asked = withoutBos(template.prompt(List.of(Turn.marked(question.text(), null))));
            var said = withoutBos(template.prompt(List.of(Turn.marked(question.text(), question.answer()))));
            number++;
            if (used + said.length <= longest) {
                add(ids, labels, turns, said, asked.length, said.length, number);
                used += said.length;
            }
        }
        return new Sample(
                id(index),
                ids.build().toArray(),
                labels.build().toArray(),
                turns.build().toArray(),
                Optional.empty());
    }

    /// Adds a piece of which what comes from `learned` on is learned; of the prefix nothing is.
    private static void add(
            IntStream.Builder ids,
            IntStream.Builder labels,
            IntStream.Builder turns,
            int[] piece,
            int learned,
            int end,
            int turn) {
        for (int i = 0; i < end; i++) {
            ids.add(piece[i]);
            labels.add(i >= learned ? piece[i] : Labels.IGNORE);
            turns.add(turn);
        }
    }

    private int[] withoutBos(String text) {
        var all = tokenizer.encode(text);
        boolean begins = tokenizer.bos().stream().anyMatch(bos -> all.length > 0 && bos == all[0]);
        return begins ? Arrays.copyOfRange(all, 1, all.length) : all;
    }
}

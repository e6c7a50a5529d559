package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Question;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Message;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.Record;
import dev.aerie.train.data.Row;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Shown;
import dev.aerie.train.data.TorchRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Pictures of the world as training data, drawn when asked for: a row has the picture, then its caption and its
/// questions as turns that do not see each other.
///
/// @param run  number of the run, for the seeds
/// @param size how many there are
/// @param seen whether rows have their picture; else the same turns stand alone
public record WorldExamples(Setting setting, Split split, long run, long size, SampleMaker maker, boolean seen)
        implements Examples {

    private static final String IMAGE = "drawn";

    @Override
    public int length(long index) {
        return seen ? 1 : -1;
    }

    @Override
    public String id(long index) {
        return split.name().toLowerCase(java.util.Locale.ROOT) + "/" + run + "/" + index;
    }

    public Drawing drawing(long index) {
        return setting.draw(split.seed(run, index));
    }

    /// The families of the questions; none for the caption.
    @Override
    public List<String> kinds(long index) {
        return turns(drawing(index)).stream()
                .map(turn -> turn.question()
                        .map(question -> question.family().label())
                        .orElse(""))
                .toList();
    }

    @Override
    public Sample get(long index) {
        return sample(index, drawing(index));
    }

    /// The same with another maker of rows.
    WorldExamples with(SampleMaker other) {
        return new WorldExamples(setting, split, run, size, other, seen);
    }

    /// The row of a drawing, without its picture.
    ///
    /// @param tokens that stand in the picture's place
    Row row(long index, Drawing drawing, int tokens) {
        return row(index, turns(drawing), tokens);
    }

    private Row row(long index, List<Turn> turns, int tokens) {
        return maker.row(record(id(index), turns), tokens);
    }

    /// The row of a drawing.
    public Sample sample(long index, Drawing drawing) {
        return sample(index, drawing, turns(drawing));
    }

    /// The row of a drawing with some of its turns.
    Sample sample(long index, Drawing drawing, List<Turn> turns) {
        var row = row(index, turns, maker.viewing().tokens(drawing.picture()));
        var picture = seen ? Optional.of(maker.viewing().show(drawing.picture())) : Optional.<Shown>empty();
        return new Sample(id(index), row.ids(), row.labels(), row.turns(), picture);
    }

    /// Turns as a conversation.
    private Record record(String id, List<Turn> turns) {
        var messages = new ArrayList<Message>();
        for (var turn : turns) {
            var text = seen && messages.isEmpty() ? ImageSlots.MARKER + "\n" + turn.text() : turn.text();
            messages.add(new Message("human", text));
            messages.add(new Message("gpt", turn.answer()));
        }
        return new Record(id, seen ? Optional.of(IMAGE) : Optional.empty(), messages);
    }

    /// A turn: a question and its answer.
    ///
    /// @param question empty for the caption
    public record Turn(Optional<Question> question, String text, String answer) {}

    /// The caption, then the questions in an order of the seed: where a row is full, the last are left out.
    public static List<Turn> turns(Drawing drawing) {
        var turns = new ArrayList<Turn>();
        turns.add(new Turn(Optional.empty(), World.CAPTION_REQUEST, drawing.caption()));
        var questions = drawing.questions();
        for (int i : new TorchRandom(drawing.seed()).permutation(questions.size())) {
            var question = questions.get(i);
            turns.add(new Turn(Optional.of(question), question.text(), question.answer()));
        }
        return turns;
    }
}

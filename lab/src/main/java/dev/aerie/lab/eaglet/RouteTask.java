package dev.aerie.lab.eaglet;

import dev.aerie.eagle.ExpertPool;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Question;
import dev.aerie.tensor.Tensor;
import dev.aerie.text.Message;
import dev.aerie.train.data.Record;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.TrainingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The decoder learns to choose experts: it is asked with an [ExpertPool] about a few questions of each picture, and is
/// to name the experts of the question's family. Beside them it answers from notes of the same pictures, so that it
/// forgets nothing.
///
/// @param families experts for the questions of each family
/// @param notes    makes the rows beside
record RouteTask(
        TrainingModel model, SampleMaker maker, ExpertPool pool, Map<Family, List<String>> families, PageExamples notes)
        implements Task {

    /// Questions of a picture.
    private static final int QUESTIONS = 3;

    @Override
    public Tensor loss(List<Drawing> batch) {
        var asked = new ArrayList<Sample>();
        var noted = new ArrayList<Sample>();
        for (var drawing : batch) {
            asked.addAll(choices(drawing));
            noted.add(notes.sample(0, drawing));
        }
        return model.loss(batch(asked)).plus(model.loss(batch(noted)));
    }

    /// The share of questions for which exactly the right experts are named.
    @Override
    public double score(List<Drawing> heldOut) {
        var asked =
                heldOut.stream().flatMap(drawing -> choices(drawing).stream()).toList();
        var answers = model.judge(batch(asked)).answers();
        return (double) answers.stream().filter(answer -> answer.exact()).count() / answers.size();
    }

    @Override
    public String measure() {
        return "right choices of experts";
    }

    private Batch batch(List<Sample> samples) {
        return Batch.of(samples, maker.maxLength());
    }

    private List<Sample> choices(Drawing drawing) {
        return WorldExamples.turns(drawing).stream()
                .flatMap(turn -> turn.question().stream())
                .limit(QUESTIONS)
                .map(this::choice)
                .toList();
    }

    private Sample choice(Question question) {
        var conversation = List.of(
                new Message("human", pool.ask(question.text())),
                new Message("gpt", pool.answer(families.getOrDefault(question.family(), List.of()))));
        var row = maker.row(new Record("choice", Optional.empty(), conversation), 0);
        return new Sample("choice", row.ids(), row.labels(), row.turns(), Optional.empty());
    }
}

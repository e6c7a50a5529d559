package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Looking;
import dev.aerie.eagle.Progress;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Scores a checkpoint on pictures drawn for scoring alone. An answer is right if, at every place of the true answer
/// and at its end, the true token is the likeliest: that is what greedy decoding would say.
///
/// @param setting of the world
/// @param count pictures, from 1 to a million
/// @param seed  number of the run of pictures, see [Split#seed]
public record Scoring(Setting setting, int count, long seed) {

    /// What scores of this class are taken on.
    public static final Split SPLIT = Split.SCORING;

    private static final int MOST = 1_000_000;
    private static final int LOSS_CHUNK = 4096;
    private static final int BATCH = 32;

    /// Room for all questions about a picture: they do not see each other, so a row may be longer than the context.
    private static final int LONGEST = 4096;

    public Scoring {
        SPLIT.seed(seed, 0);
        if (count < 1 || count > MOST) {
            throw new AerieException("cannot score on " + count + " pictures: expected 1 to " + MOST);
        }
    }

    /// The scores of a checkpoint, in float32. A model without a tower is asked the questions alone.
    ///
    /// @param progress hears of the pictures
    public PictureScores of(Path checkpoint, Progress progress) {
        return of(checkpoint, Looking.AS_ASKED, Optional.empty(), progress);
    }

    /// The same with the experts that look at the pictures chosen, and what was found in words behind each picture.
    ///
    /// @param finders say what is in a picture
    public PictureScores of(Path checkpoint, Looking looking, Optional<Finders> finders, Progress progress) {
        try (var lookers = Lookers.of(checkpoint, looking)) {
            return of(checkpoint, lookers, finders, progress);
        }
    }

    private PictureScores of(Path checkpoint, Lookers lookers, Optional<Finders> finders, Progress progress) {
        Torch.setProductThreads(1);
        var config = EagleConfig.open(checkpoint);
        if (config.towers().isEmpty() && finders.isPresent()) {
            throw new AerieException("cannot put what is found behind the pictures of " + checkpoint
                    + ": the model sees none (mm_vision_tower in config.json)");
        }
        var maker = SampleMaker.of(checkpoint, Optional.empty(), RowForm.INDEPENDENT_TURNS)
                .withMaxLength(LONGEST);
        try (var source = new CheckpointSource(Checkpoint.open(checkpoint))) {
            var model = new TrainingModel(
                    EagleModel.of(source, config, LoadOptions.DEFAULT.clipInput()),
                    DType.F32,
                    maker.viewing(),
                    _ -> false,
                    false,
                    LOSS_CHUNK);
            var examples = new WorldExamples(
                    setting, SPLIT, seed, count, maker, !config.towers().isEmpty());
            return scores(model, examples, new Rows(examples, lookers, finders), progress);
        }
    }

    /// Some turns about a picture, for which the same experts look at it.
    private record Asked(int picture, Routes routes, List<WorldExamples.Turn> turns, Sample sample) {}

    private PictureScores scores(TrainingModel model, WorldExamples examples, Rows makes, Progress progress) {
        var scores = new PictureScores();
        for (int from = 0; from < count; from += BATCH) {
            progress.at("scoring", from, count);
            var asked = new ArrayList<Asked>();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                asked.addAll(makes.of(i));
            }
            int picture = from - 1;
            for (int at = 0; at < asked.size(); at += BATCH) {
                var rows = asked.subList(at, Math.min(asked.size(), at + BATCH));
                for (var answer : model.judge(batch(rows)).answers()) {
                    var row = rows.get(answer.row());
                    for (; picture < row.picture(); picture++) {
                        scores.picture();
                    }
                    row.turns()
                            .get(answer.turn() - 1)
                            .question()
                            .ifPresent(question -> scores.add(question.family(), answer.exact()));
                }
            }
        }
        return scores;
    }

    private static Batch batch(List<Asked> rows) {
        var batch = Batch.of(rows.stream().map(Asked::sample).toList(), LONGEST);
        return batch.with(Routes.join(rows.stream().map(Asked::routes).toList()));
    }

    /// Makes the rows of a picture.
    private record Rows(WorldExamples examples, Lookers lookers, Optional<Finders> finders) {

        /// The turns about a picture, by who looks at it for them; the caption's stands before each group, so that
        /// there are several. Turns are counted from 1.
        List<Asked> of(int index) {
            var drawing = examples.drawing(index);
            var turns = WorldExamples.turns(drawing);
            var groups = new LinkedHashMap<Routes, List<WorldExamples.Turn>>();
            for (var turn : turns) {
                turn.question()
                        .ifPresent(question -> groups.computeIfAbsent(
                                        lookers.of(question), _ -> new ArrayList<>(turns.subList(0, 1)))
                                .add(turn));
            }
            var words = finders.map(each -> FoundExamples.tokens(
                    each.say(List.of(drawing.picture())).getFirst(),
                    examples.maker().tokenizer()));
            return groups.entrySet().stream()
                    .map(group -> {
                        var sample = examples.sample(index, drawing, group.getValue());
                        var row = words.map(each -> FoundExamples.behindPicture(each, sample))
                                .orElse(sample);
                        return new Asked(index, group.getKey(), group.getValue(), row);
                    })
                    .toList();
        }
    }
}

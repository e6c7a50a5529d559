package dev.aerie.lab.eaglet;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Progress;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Question;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.Batch;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

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
        Torch.setProductThreads(1);
        var config = EagleConfig.open(checkpoint);
        var maker = SampleMaker.of(checkpoint, Optional.empty(), RowForm.INDEPENDENT_TURNS)
                .withMaxLength(LONGEST);
        try (var source = new CheckpointSource(Checkpoint.open(checkpoint))) {
            var model = new TrainingModel(
                    EagleModel.of(source, config, LoadOptions.DEFAULT.clipInput()),
                    DType.F32,
                    maker.processor(),
                    _ -> false,
                    false,
                    LOSS_CHUNK);
            return scores(model, maker, !config.towers().isEmpty(), progress);
        }
    }

    private PictureScores scores(TrainingModel model, SampleMaker maker, boolean sees, Progress progress) {
        var examples = new WorldExamples(setting, SPLIT, seed, count, maker, sees);
        var scores = new PictureScores();
        for (int from = 0; from < count; from += BATCH) {
            progress.at("scoring", from, count);
            var drawings = IntStream.range(from, Math.min(count, from + BATCH))
                    .mapToObj(examples::drawing)
                    .toList();
            var samples = IntStream.range(0, drawings.size())
                    .mapToObj(i -> examples.sample(i, drawings.get(i)))
                    .toList();
            int row = -1;
            for (var answer : model.judge(Batch.of(samples, maker.visualTokens(), LONGEST))
                    .answers()) {
                for (; row < answer.row(); row++) {
                    scores.picture();
                }
                question(drawings.get(row), answer.turn())
                        .ifPresent(question -> scores.add(question.family(), answer.exact()));
            }
        }
        return scores;
    }

    /// The question of a turn; turns are counted from 1, and that of the caption has none.
    private static Optional<Question> question(Drawing drawing, int turn) {
        return WorldExamples.turns(drawing).get(turn - 1).question();
    }
}

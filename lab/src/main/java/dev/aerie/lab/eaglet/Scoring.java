package dev.aerie.lab.eaglet;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.ImageProcessor;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.run.Judge;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;

/// Scores a checkpoint of the miniature on pictures drawn for scoring alone.
public final class Scoring {

    private static final int LOSS_CHUNK = 4096;
    private static final int BATCH = 32;
    private static final int VISUAL_TOKENS = Miniature.GRID * Miniature.GRID;

    private Scoring() {}

    /// The scores on `count` pictures of the run `seed`, in float32. A model without a tower is asked the questions
    /// alone.
    public static FamilyScores of(Path checkpoint, int count, long seed) {
        var config = EagleConfig.open(checkpoint);
        var words = Tokenizer.open(checkpoint);
        var processor = ImageProcessor.clip(World.SIDE, config.aspect());
        var maker = new SampleMaker(
                words, Template.guess(words), processor, RowForm.INDEPENDENT_TURNS, Miniature.CONTEXT, VISUAL_TOKENS);
        try (var source = new CheckpointSource(Checkpoint.open(checkpoint))) {
            var model = new TrainingModel(
                    EagleModel.of(source, config, World.SIDE), DType.F32, processor, _ -> false, false, LOSS_CHUNK);
            var sees = !config.towers().isEmpty();
            return FamilyScores.of(new Judge(model, BATCH, VISUAL_TOKENS, Miniature.CONTEXT)
                    .of(new WorldExamples(Split.SCORING, seed, count, maker, sees), count));
        }
    }
}

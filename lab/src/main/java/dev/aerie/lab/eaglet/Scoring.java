package dev.aerie.lab.eaglet;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.ImageProcessor;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;

/// Scores a checkpoint of the miniature on pictures drawn for scoring alone.
public final class Scoring {

    private static final int LOSS_CHUNK = 4096;

    private Scoring() {}

    /// The scores on `count` pictures of the run `seed`, in float32.
    public static FamilyScores of(Path checkpoint, int count, long seed) {
        var config = EagleConfig.open(checkpoint);
        var words = Tokenizer.open(checkpoint);
        try (var source = new CheckpointSource(Checkpoint.open(checkpoint))) {
            var model = new TrainingModel(
                    EagleModel.of(source, config, World.SIDE),
                    DType.F32,
                    ImageProcessor.clip(World.SIDE, config.aspect()),
                    _ -> false,
                    false,
                    LOSS_CHUNK);
            return EagletStage.scores(model, words, Split.SCORING, seed, count);
        }
    }
}

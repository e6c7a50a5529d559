package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleModel;
import dev.aerie.image.Picture;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Shown;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.model.Replicas;
import dev.aerie.train.model.TrainingModel;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Times whole steps of training of a small checkpoint on a made-up batch: pictures, a prompt, and questions as turns
/// that do not see each other. Everything learns. The batch is given by formulas that `bench/train.py` repeats, so that
/// the losses can be compared.
///
/// @param checkpoint of a model with pictures
/// @param precision  of the computation; master weights are float32
/// @param pictures   of a step, one in each row
/// @param parts      of a step that are computed at once, in threads of their own
public record StepBench(Path checkpoint, DType precision, int pictures, int parts) {

    private static final int PROMPT = 8;
    private static final int TURNS = 8;
    private static final int ASKED = 9;
    private static final int ANSWERED = 5;
    private static final double RATE = 1e-4;
    private static final Optimiser.Settings ADAM = new Optimiser.Settings(0.9, 0.98, 1e-8, 0.02);

    /// What the steps gave.
    ///
    /// @param losses  of each step
    /// @param seconds the median of a step, the first left out
    public record Result(List<Double> losses, double seconds) {}

    /// @param steps at least 2; the first warms up
    public Result run(int steps) {
        Torch.setProductThreads(1);
        var from = new Stage.From(
                Optional.of(checkpoint),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Stage.From.MLP);
        try (var start = Start.open(from, Optional.empty());
                var parameters = new Parameters(start.source(), _ -> true, precision)) {
            try (var models = Replicas.of(parameters, parts, source -> model(start, source));
                    var optimiser = new Optimiser(parameters, ADAM)) {
                return run(steps, new Training.Learner(models, parameters, optimiser, Optional.empty()));
            }
        }
    }

    private TrainingModel model(Start start, ParameterSource source) {
        var eagle = EagleModel.of(source, start.config(), EagleModel.CLIP_INPUT);
        var vision = eagle.vision()
                .orElseThrow(() -> new AerieException("cannot time steps of " + checkpoint
                        + ": the model has no vision tower (mm_vision_tower in config.json)"));
        var viewing = Viewing.of(vision, start.config().aspect());
        return new TrainingModel(eagle, precision, viewing, _ -> true, false, Integer.MAX_VALUE);
    }

    private Result run(int steps, Training.Learner learner) {
        var model = learner.model();
        int vocabulary = model.model().language().config().vocabulary();
        var samples = IntStream.range(0, pictures)
                .mapToObj(row -> sample(row, vocabulary, shown(row, model.viewing())))
                .toList();
        var batches = learner.models().parts(samples, Integer.MAX_VALUE);
        var losses = new ArrayList<Double>();
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < steps; i++) {
            long begin = System.nanoTime();
            losses.add(learner.learn(batches, 1).mean());
            learner.optimiser().step(_ -> RATE, Math.max(1, learner.optimiser().norm()));
            seconds.add((System.nanoTime() - begin) / 1e9);
        }
        var sorted =
                seconds.subList(Math.min(1, steps - 1), steps).stream().sorted().toList();
        return new Result(losses, sorted.get(sorted.size() / 2));
    }

    private static Sample sample(int row, int vocabulary, Shown picture) {
        int length = PROMPT + 1 + TURNS * (ASKED + ANSWERED);
        var ids = new int[length];
        var labels = new int[length];
        var turns = new int[length];
        for (int t = 0; t < length; t++) {
            boolean slot = t == PROMPT;
            int word = t > PROMPT ? t - 1 : t;
            int inTurns = word - PROMPT;
            boolean answers = t > PROMPT && inTurns % (ASKED + ANSWERED) >= ASKED;
            ids[t] = slot ? ImageSlots.IMAGE : (row * 7 + word * 13) % (vocabulary / 2) + vocabulary / 4;
            labels[t] = answers ? ids[t] : Labels.IGNORE;
            turns[t] = t > PROMPT ? 1 + inTurns / (ASKED + ANSWERED) : 0;
        }
        return new Sample("row " + row, ids, labels, turns, Optional.of(picture));
    }

    private static Shown shown(int row, Viewing viewing) {
        int side = viewing.processor().size();
        var rgb = new byte[side * side * 3];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[(y * side + x) * 3 + c] = (byte) (row * 13 + c * 101 + y * 31 + x * 17);
                }
            }
        }
        return viewing.show(new Picture(side, side, rgb));
    }
}

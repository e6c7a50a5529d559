package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.EagleModel;
import dev.aerie.eagle.Mixture;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Prompt;
import dev.aerie.eagle.Question;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Seen;
import dev.aerie.image.ImageProcessor;
import dev.aerie.image.Picture;
import dev.aerie.language.Generation;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Sampling;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Overlay;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import dev.aerie.train.data.Viewing;
import dev.aerie.train.optimise.Optimiser;
import dev.aerie.train.run.Export;
import dev.aerie.train.start.Assembly;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One tiny model for each method of fusion: the golden checkpoint's experts and decoder, looking at small pictures,
/// with a fusion and a projector that begin anew. It learns, and the result opens as any checkpoint.
class FusionTrainingTest {

    private static final Path CHECKPOINT = Path.of("../core/src/test/resources/golden/model/eagle-x2-tiny");
    private static final int LONGEST = 400;
    private static final int STEPS = 5;

    /// Methods for which it matters where in the decoder's rows a picture stands.
    private static final Set<Fusions> INSIDE_THE_DECODER = Set.of(Fusions.SVA, Fusions.SVA_SEPARATE, Fusions.FLAMINGO);

    @TempDir
    Path folder;

    private static FusionChoice small(Fusions method) {
        return new FusionChoice(
                method,
                switch (method) {
                    case SUM -> Map.of("width", 32);
                    case DEFORMABLE -> Map.of("heads", 4, "points", 2);
                    case SVA, SVA_SEPARATE -> Map.of("width", 32, "grid", 2, "layers", 1, "heads", 4, "every", 1);
                    case Q_FORMER ->
                        Map.of(
                                "queries", 4, "width", 32, "layers", 2, "heads", 2, "mlp", 64, "every", 2, "encoder",
                                24);
                    case MOVA -> Map.of("layers", 1, "heads", 2);
                    case PERCEIVER -> Map.of("latents", 4, "width", 32, "layers", 1, "heads", 2, "mlp", 64);
                    case FLAMINGO -> Map.of("latents", 4, "width", 32, "layers", 1, "heads", 2, "mlp", 64, "every", 1);
                    default -> Map.of();
                });
    }

    /// The checkpoint with a fourth block of CLIP, a copy of the first: LLaVA-HR wants four stages.
    private record FourBlocks(ParameterSource under) implements Overlay {

        private static String lent(String name) {
            return name.replace("vision_model.encoder.layers.3.", "vision_model.encoder.layers.0.");
        }

        @Override
        public Tensor parameter(String name, long... shape) {
            return under.parameter(lent(name), shape);
        }

        @Override
        public Optional<long[]> stored(String name) {
            return under.stored(lent(name));
        }
    }

    /// CLIP sees 4 × 4 patches, and so does ConvNeXt in its last stage.
    private static EagleConfig config(Fusions method) {
        var own = EagleConfig.open(CHECKPOINT);
        var shape = new Mixture.Shape(128, 4, Map.of(Experts.CLIP, 56, Experts.CONVNEXT, 128), small(method));
        return new EagleConfig(
                own.architecture(),
                own.language(),
                own.towers(),
                shape,
                "mlp2x_gelu",
                own.aspect(),
                own.endTokens(),
                LONGEST);
    }

    private static Picture picture(int red) {
        return Picture.filled(40, 30, red, 90, 250 - red);
    }

    /// Two rows of different lengths, whose pictures differ and say what is to be answered.
    private static List<Sample> samples(Viewing viewing) {
        return IntStream.range(0, 2)
                .mapToObj(row -> {
                    var ids = IntStream.range(0, 9 + 3 * row)
                            .map(t -> t == 2 + row ? ImageSlots.IMAGE : 5 + (11 * t) % 300)
                            .toArray();
                    ids[ids.length - 1] = 50 + 100 * row;
                    var labels = ids.clone();
                    Arrays.fill(labels, 0, 6 + row, Labels.IGNORE);
                    var seen = Optional.of(viewing.show(picture(20 + 200 * row)));
                    return new Sample("row " + row, ids, labels, new int[ids.length], seen);
                })
                .toList();
    }

    /// A model that learns, on what it is made of.
    private record Learner(EagleConfig config, Parameters parameters, boolean recompute) {

        TrainingModel model() {
            Torch.seed(3);
            var eagle = EagleModel.of(parameters, config, 336);
            var viewing = Viewing.of(eagle.vision().orElseThrow(), config.aspect());
            return new TrainingModel(eagle, DType.F32, viewing, _ -> true, recompute, LONGEST);
        }

        Batch batch(TrainingModel model) {
            return Batch.of(samples(model.viewing()), LONGEST);
        }
    }

    private interface Work {
        void with(Learner learner);
    }

    private static void train(Fusions method, boolean recompute, Work work) {
        var config = config(method);
        try (var stored = new CheckpointSource(Checkpoint.open(CHECKPOINT));
                var made = new Initial();
                var parameters = new Parameters(
                        new Assembly(
                                List.of(
                                        new Assembly.Route(Fusions::owns, 0, made),
                                        new Assembly.Route("", new FourBlocks(stored))),
                                made),
                        _ -> true,
                        DType.F32)) {
            work.with(new Learner(config, parameters, recompute));
        }
    }

    @ParameterizedTest
    @EnumSource(Fusions.class)
    void aTinyModelLearnsAndItsCheckpointOpens(Fusions method) {
        train(method, true, learner -> {
            var model = learner.model();
            var batch = learner.batch(model);
            var losses = new ArrayList<Double>();
            try (var optimiser = new Optimiser(learner.parameters(), Optimiser.Settings.REFERENCE)) {
                for (int step = 0; step < STEPS; step++) {
                    losses.add(model.learn(batch, 1).mean());
                    optimiser.collect();
                    optimiser.step(_ -> 2e-3, 1);
                }
            }
            assertThat(losses.getLast()).isLessThan(0.9 * losses.getFirst());
            var export = new Export(learner.config(), CHECKPOINT, DType.F32);
            export.writeTo(folder, learner.parameters(), Map.of());
            assertThat(EagleConfig.open(folder).mixture())
                    .isEqualTo(learner.config().mixture());
            try (var eagle = Eagle.open(folder)) {
                assertThat(eagle.unexpected()).isEmpty();
                var question = new Question("What is it?", List.of(picture(120)));
                Reopened.answersAs(model, eagle, question, LONGEST);
                if (INSIDE_THE_DECODER.contains(method)) {
                    Reopened.answersAs(model, eagle, cutInThePicture(eagle), LONGEST);
                    answersTogetherAsAlone(eagle);
                    goesOnAsFromTheBeginning(eagle);
                }
            }
        });
    }

    private static AnswerOptions how() {
        return AnswerOptions.DEFAULT.withMaxTokens(5).ignoringEnd();
    }

    /// Two of the picture's tokens are read, and nothing behind them.
    private static Question cutInThePicture(Eagle eagle) {
        var words = "";
        while (true) {
            var question = new Question(words + ImageSlots.MARKER, List.of(picture(120)), true);
            int at = imageAt(eagle.ask(question, how(), AnswerListener.NONE).promptIds());
            if (at == LONGEST - 2) {
                return question;
            }
            words += "a ".repeat(LONGEST - 2 - at);
        }
    }

    private static int imageAt(int[] ids) {
        return IntStream.range(0, ids.length)
                .filter(t -> ids[t] == ImageSlots.IMAGE)
                .findFirst()
                .orElseThrow();
    }

    /// Rows of different lengths are padded on the left, which moves the pictures in them.
    private static void answersTogetherAsAlone(Eagle eagle) {
        var questions = List.of(
                new Question("What is it?", List.of(picture(120))),
                new Question("Which of the two is the darker one, and why?", List.of(picture(10), picture(240))),
                new Question("No picture.", List.of()));
        var together = eagle.ask(questions, how());
        for (int i = 0; i < questions.size(); i++) {
            var alone = eagle.ask(questions.get(i), how(), AnswerListener.NONE);
            assertThat(together.get(i).ids()).isEqualTo(alone.ids());
            assertThat(together.get(i).logprobs()).containsExactly(alone.logprobs(), within(1e-3f));
        }
    }

    /// What the checkpoint says behind a prompt that is read at once.
    private static Generation generate(Eagle eagle, int[] ids, List<Picture> pictures) {
        var vision = eagle.model().vision().orElseThrow();
        var processor =
                ImageProcessor.clip(vision.tower().input(), eagle.config().aspect());
        var language = eagle.model().language();
        try (var _ = TensorScope.open();
                var cache = new KvCache(language.config(), DType.F32)) {
            var seen = new ArrayList<Seen>();
            for (var picture : pictures) {
                var prepared = processor.prepare(picture);
                var pixels = Tensor.of(processor.normalise(prepared), 1, 3, prepared.height(), prepared.width());
                seen.add(vision.see(pixels, Progress.SILENT));
            }
            var prompt = new Prompt(ids, seen, List.of("first", "second"));
            return new Generator(language, Prompt.beside(eagle.model(), List.of(prompt), prompt.length(), 0))
                    .generate(
                            prompt.embed(language, DType.F32),
                            cache,
                            new GenerationOptions(5, Set.of(), Sampling.GREEDY, 1),
                            (_, _, _) -> true)
                    .getFirst();
        }
    }

    /// The second turn reads behind what the cache holds.
    private static void goesOnAsFromTheBeginning(Eagle eagle) {
        try (var session = eagle.session()) {
            session.ask(new Question("What is it?", List.of(picture(120))), how(), AnswerListener.NONE);
            var second = session.ask(new Question("And this?", List.of(picture(30))), how(), AnswerListener.NONE);
            var prompt = second.promptIds();
            var pictures = List.of(picture(120), picture(30));
            var whole = Gradients.without(() -> generate(eagle, prompt, pictures));
            assertThat(second.ids()).isEqualTo(whole.ids());
            assertThat(second.logprobs()).containsExactly(whole.logprobs(), within(1e-3f));
        }
    }

    /// Methods of which several blocks read the same tensors, and one that has nothing of the kind.
    @ParameterizedTest
    @EnumSource(names = {"LLAVA_HR", "MINI_GEMINI", "SVA", "FLAMINGO", "MOVA"})
    void computingAgainGivesTheSameGradients(Fusions method) {
        train(
                method,
                false,
                kept -> train(method, true, again -> {
                    var plain = kept.model();
                    plain.learn(kept.batch(plain), 1);
                    var recomputed = again.model();
                    recomputed.learn(again.batch(recomputed), 1);
                    var others = again.parameters().learned().iterator();
                    for (var parameter : kept.parameters().learned()) {
                        var other = others.next();
                        assertThat(other.name()).isEqualTo(parameter.name());
                        var expected = parameter.working().gradient();
                        var actual = other.working().gradient();
                        assertThat(actual.isPresent())
                                .describedAs(parameter.name())
                                .isEqualTo(expected.isPresent());
                        if (expected.isPresent()) {
                            double largest = expected.get().abs().max().item();
                            double difference = expected.get()
                                    .minus(actual.get())
                                    .abs()
                                    .max()
                                    .item();
                            assertThat(difference)
                                    .describedAs(parameter.name() + ", largest " + largest)
                                    .isLessThan(1e-4 * largest + 1e-6); // a key's bias has no gradient
                        }
                    }
                }));
    }
}

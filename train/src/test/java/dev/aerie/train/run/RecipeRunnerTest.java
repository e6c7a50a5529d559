package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.AerieException;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Question;
import dev.aerie.files.AtomicFile;
import dev.aerie.files.Claim;
import dev.aerie.fusion.FusionChoice;
import dev.aerie.fusion.Fusions;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.ImageSlots;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Dataset;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Tar;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.optimise.Average;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import dev.aerie.weights.Checkpoint;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whole stages on the tiny checkpoint of the golden cases, as `aerie train` runs them.
class RecipeRunnerTest {

    @TempDir
    Path temporary;

    private Path run(String name, Recipe recipe, long stopAfter) {
        return Tiny.run(temporary.resolve(name), recipe, stopAfter).export();
    }

    private static byte[] weights(Path checkpoint) throws IOException {
        return Files.readAllBytes(checkpoint.resolve("model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"precision=float32", "precision=bfloat16", "ema=0.5", "clip=0.1"})
    void goesOnBitForBit(String setting) throws IOException {
        var recipe = Tiny.recipe(setting, "learn.language=1.0e-3");
        var whole = run("whole", recipe, -1);
        for (long stop : new long[] {2, 3}) {
            assertThatThrownBy(() -> run("broken", recipe, stop)).hasMessageContaining("on purpose");
        }
        assertThat(weights(run("broken", recipe, -1))).isEqualTo(weights(whole));
        assertThat(weights(whole)).isNotEqualTo(Files.readAllBytes(Tiny.CHECKPOINT.resolve("model.safetensors")));
    }

    @Test
    void aRunThatAnotherProcessTrainsIsLeftAlone() {
        try (var _ = Claim.on(temporary.resolve("taken/projector")).orElseThrow()) {
            assertThatThrownBy(() -> run("taken", Tiny.recipe(), -1))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("another process is training there");
        }
        assertThat(temporary.resolve("taken/projector/log.jsonl")).doesNotExist();
    }

    /// What a kill left half written, and nothing else that is hidden.
    @Test
    void anExportRemovesWhatAKillLeft() throws IOException {
        var export = Files.createDirectories(temporary.resolve("left/projector/export"));
        var half = Files.writeString(export.resolve(".model.safetensors." + UUID.randomUUID() + ".tmp"), "half");
        var other = Files.writeString(export.resolve(".gitignore"), "*");
        run("left", Tiny.recipe(), -1);
        assertThat(half).doesNotExist();
        assertThat(other).exists();
    }

    /// Also where two threads learn from the halves of a micro batch.
    @Test
    void goesOnBitForBitInParts() throws IOException {
        String[] set = {"batch={global: 2, micro: 2, parts: 2}", "learn.language=1.0e-3"};
        var whole = run("whole", Tiny.recipe(set), -1);
        assertThatThrownBy(() -> run("broken", Tiny.recipe(set), 2)).hasMessageContaining("on purpose");
        assertThat(weights(run("broken", Tiny.recipe(set), -1))).isEqualTo(weights(whole));
    }

    @Test
    void theResultAnswersAndHasTheReferencesProjectorFile() {
        var result = run("answers", Tiny.recipe(), -1);
        try (var eagle = Eagle.open(result)) {
            var how = AnswerOptions.DEFAULT.withMaxTokens(3).ignoringEnd();
            AnswerListener silent = _ -> true;
            assertThat(eagle.ask(new Question("What?", List.of()), how, silent).ids())
                    .hasSize(3);
        }
        try (var file = Checkpoint.open(result.resolve("mm_projector.bin"))) {
            assertThat(file.names())
                    .containsExactlyInAnyOrder(
                            "model.mm_projector.0.weight",
                            "model.mm_projector.0.bias",
                            "model.mm_projector.2.weight",
                            "model.mm_projector.2.bias");
        }
    }

    /// The next stage goes on with the tiles and with what separates them.
    @Test
    void tilesAreLearnedFromStageToStage() {
        var from = "from={checkpoint: %s, tiling: 'llava-uhd:2'}".formatted(Tiny.CHECKPOINT);
        var first = run("first", Tiny.recipe(from), -1);
        assertThat(EagleConfig.open(first).tiling()).contains(TilingChoice.of("llava-uhd:2"));
        int before = EagleConfig.open(Tiny.CHECKPOINT).maxLength();
        assertThat(EagleConfig.open(first).maxLength()).isEqualTo(Math.max(before, 1200));
        var second = run("second", Tiny.recipe("from={checkpoint: %s}".formatted(first)), -1);
        assertThat(EagleConfig.open(second)).isEqualTo(EagleConfig.open(first));
        try (var file = Checkpoint.open(second.resolve("mm_projector.bin"))) {
            assertThat(file.names()).contains("model.image_newline", "model.image_next", "model.mm_projector.0.weight");
        }
    }

    /// Its tensors learn with the projector, and lie beside it in the file of the first stage.
    @Test
    void anotherFusionBeginsAnewAndIsPartOfTheResult() {
        var from = "from={checkpoint: %s, fusion: {method: sum, width: 16}}".formatted(Tiny.CHECKPOINT);
        var result = run("sum", Tiny.recipe(from), -1);
        assertThat(EagleConfig.open(result).mixture().fusion())
                .isEqualTo(new FusionChoice(Fusions.SUM, Map.of("width", 16)));
        try (var file = Checkpoint.open(result.resolve("mm_projector.bin"))) {
            assertThat(file.names())
                    .contains(
                            "model.expert_shares", "model.expert_projections.1.weight", "model.mm_projector.0.weight");
        }
        var again = run("again", Tiny.recipe("from={checkpoint: %s}".formatted(result)), -1);
        try (var before = Checkpoint.open(result);
                var after = Checkpoint.open(again)) {
            assertThat(after.names()).isEqualTo(before.names());
        }
    }

    /// Two stages, the second of which names the first; a part can be done alone once what it goes on from is there.
    @Test
    void stagesGoOnFromOthersByName() {
        var yaml = """
                recipe: two
                common:
                  learn: { "*": 0, projector: 1.0e-3 }
                  data: { mixture: %s, folder: %s, template: v1, maxLength: 1200 }
                  batch: { global: 1, micro: 1 }
                  schedule: { steps: 1, warmup: 0 }
                stages:
                  - stage: first
                    from: { checkpoint: %s }
                  - stage: other
                    learn: { language: 1.0e-3 }
                    from: { checkpoint: %s }
                  - stage: second
                    from: { language: other, projector: first, experts: { clip-448: first, convnext-1024: first } }
                """.formatted(
                        Tiny.GOLDEN.resolve("train/eagle-x2-tiny/sft.json"),
                        Tiny.CHECKPOINT.resolve("expected/images"),
                        Tiny.CHECKPOINT,
                        Tiny.CHECKPOINT);
        var folder = new RunFolder(temporary.resolve("named"));
        var runner = new RecipeRunner(Recipe.parse("two", yaml, List.of()), folder, _ -> new Tiny.Stopping(-1));
        assertThatThrownBy(() -> runner.runOnly("second"))
                .hasMessageContaining("has no result in")
                .hasMessageContaining("run it first");
        assertThatThrownBy(() -> runner.runOnly("third")).hasMessageContaining("it has first, other, second");
        assertThatThrownBy(() -> runner.runOnly("first/clip-448")).hasMessageContaining("it has first");
        runner.runOnly("other");
        assertThat(folder.run("first").export()).doesNotExist();
        runner.run(Optional.empty());
        var word = "model.layers.0.self_attn.q_proj.weight";
        var projector = "model.mm_projector.0.weight";
        assertThat(tensor(folder, "second", word)).isEqualTo(tensor(folder, "other", word));
        assertThat(tensor(folder, "other", word)).isNotEqualTo(tensor(folder, "first", word));
        assertThat(tensor(folder, "second", projector))
                .isNotEqualTo(tensor(folder, "first", projector))
                .hasSameSizeAs(tensor(folder, "first", projector));
    }

    /// In float32, as trained weights are stored here; released ones are float16.
    private static float[] numbers(Checkpoint file, String name) {
        var stored = file.find(name).orElseThrow();
        var numbers = new float[Math.toIntExact(stored.elements())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = stored.dtype() == DType.F16
                    ? Float.float16ToFloat(stored.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i))
                    : stored.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        }
        return numbers;
    }

    private static byte[] tensor(RunFolder folder, String stage, String name) {
        try (var file = Checkpoint.open(folder.run(stage).export())) {
            return bytes(file, name);
        }
    }

    private static byte[] bytes(Checkpoint file, String name) {
        return file.find(name).orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void changesOfLowRankAreMergedIntoTheirWeights() throws IOException {
        var result = run(
                "lora",
                Tiny.recipe(
                        "learn.projector=0",
                        "lora={rank: 4, alpha: 8, targets: [\"model.layers.*.self_attn.q_proj\"], rate: 0.01}"),
                -1);
        try (var before = Checkpoint.open(Tiny.CHECKPOINT);
                var after = Checkpoint.open(result)) {
            assertThat(after.names()).noneMatch(name -> name.contains("lora"));
            for (var name : after.names()) {
                var one = before.find(name).orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
                var other = after.find(name).orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
                boolean target = name.matches("model\\.layers\\.\\d+\\.self_attn\\.q_proj\\.weight");
                assertThat(Arrays.equals(one, other)).describedAs(name).isEqualTo(!target);
            }
        }
    }

    /// In the first step all would be stopped on purpose.
    private void refusedBeforeTheFirstStep(String message, String... set) {
        assertThatThrownBy(() -> run("refused", Tiny.recipe(set), 1))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void mistakesAreNoticedBeforeTheFirstStep() throws IOException {
        var empty = Files.writeString(temporary.resolve("empty.json"), "[]");
        refusedBeforeTheFirstStep("none.json", "validation={mixture: none.json}");
        refusedBeforeTheFirstStep("(validation.mixture)", "validation={mixture: %s}".formatted(empty));
        refusedBeforeTheFirstStep("there are no samples in '" + empty + "'", "data.mixture=" + empty);
        refusedBeforeTheFirstStep(
                "no sample in", "validation={mixture: %s, folder: %s}".formatted(Tiny.RECORDS, temporary));
        refusedBeforeTheFirstStep("expected 1073741823 steps at most", "schedule.steps=3000000000", "batch.global=2");
    }

    /// What is finished is not done again, and what is under way does not become another run.
    @Test
    void aFolderIsOfOneRun() throws IOException {
        var done = run("mine", Tiny.recipe("schedule.steps=1"), -1);
        var before = weights(done);
        var data = "data.mixture=" + Files.copy(Tiny.RECORDS, temporary.resolve("other.json"));
        for (var other : List.of("schedule.steps=2", "data.seed=9", "learn.language=1.0e-3", "batch.global=2", data)) {
            assertThatThrownBy(() -> run("mine", Tiny.recipe("schedule.steps=1", other), -1))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("begun with other settings");
        }
        assertThat(weights(done)).isEqualTo(before);
        var folder = new RunFolder(temporary.resolve("mine"));
        for (var same : List.of("keep={last: 1}", "recompute=false", "lossChunk=7", "batch.parts=1")) {
            var recipe = Tiny.recipe("schedule.steps=1", same);
            assertThat(new RecipeRunner(recipe, folder, _ -> new Tiny.Stopping(1)).run(Optional.empty()))
                    .containsExactly("projector");
        }
    }

    /// A result tells, too: `to` may hold that of another stage, or of a run in another folder.
    @Test
    void aResultIsOfOneRun() {
        var to = "to=" + temporary.resolve("result");
        run("one", Tiny.recipe("schedule.steps=1", to), -1);
        assertThat(new RecipeRunner(
                                Tiny.recipe("schedule.steps=1", to),
                                new RunFolder(temporary.resolve("two")),
                                _ -> new Tiny.Stopping(-1))
                        .run(Optional.empty()))
                .containsExactly("projector");
        assertThatThrownBy(() -> run("three", Tiny.recipe("schedule.steps=2", to), -1))
                .hasMessageContaining("begun with other settings (schedule)")
                .hasMessageContaining("training.yaml");
        assertThatThrownBy(() -> run("four", Tiny.recipe("to=" + Tiny.CHECKPOINT), -1))
                .as("what came from elsewhere is no result")
                .hasMessageContaining("cannot tell what the checkpoint in " + Tiny.CHECKPOINT + " is");
    }

    /// Records that were added would change the order of all.
    @Test
    void dataStayAsTheyWere() throws IOException {
        var lines = temporary.resolve("talk.jsonl");
        var talk = "{\"id\": \"1\", \"conversations\": [{\"from\": \"human\", \"value\": \"a\"},"
                + " {\"from\": \"gpt\", \"value\": \"b\"}]}\n";
        Files.writeString(lines, talk.repeat(4));
        var recipe = Tiny.recipe("data.mixture=" + lines);
        assertThatThrownBy(() -> run("data", recipe, 2)).hasMessageContaining("on purpose");
        Files.writeString(lines, talk.repeat(5));
        assertThatThrownBy(() -> run("data", recipe, -1))
                .hasMessageContaining("begun with 4 records")
                .hasMessageContaining("now there are 5 records");
        Files.writeString(lines, talk.repeat(4));
        run("data", recipe, -1);
    }

    /// What decides which records come how is compared; a run that was begun before it was written down
    /// goes on.
    @Test
    void sourcesStayAsTheyWere() throws IOException {
        var manifest = temporary.resolve("mix.yaml");
        Files.copy(Tiny.RECORDS, temporary.resolve("talk.json"));
        var source = "sources: [{ name: mine, records: talk.json, pictures: '%s'%s }]";
        var pictures = Tiny.PICTURES.toAbsolutePath();
        Files.writeString(manifest, source.formatted(pictures, ", count: 2, seed: 1"));
        var recipe = Tiny.recipe("data.mixture=" + manifest, "data.folder=null");
        assertThatThrownBy(() -> run("mix", recipe, 2)).hasMessageContaining("on purpose");
        var others = Map.of(
                ", count: 2, seed: 2", "was begun with seed '1', and now has seed '2'",
                ", count: 2, seed: 1, prefix: x/", "was begun with prefix '', and now has prefix 'x/'",
                ", count: 2, seed: 1, template: plain", "was begun with no template, and now has template 'plain'",
                ", count: 2, seed: 1, rows: conversation", "was begun with no rows, and now has rows 'conversation'");
        others.forEach((change, message) -> {
            write(manifest, source.formatted(pictures, change));
            assertThatThrownBy(() -> run("mix", recipe, -1))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("the source mine " + message)
                    .message()
                    .hasLineCount(1);
        });
        var elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        write(manifest, source.formatted(elsewhere, ", count: 2, seed: 1"));
        assertThatThrownBy(() -> run("mix", recipe, -1))
                .hasMessageContaining("the source mine was begun with pictures '");
        write(manifest, source.formatted(pictures, ", count: 2, seed: 2"));
        var notes = temporary.resolve("mix/projector/data.json");
        var older = (ObjectNode) JsonMapper.shared().readTree(notes.toFile());
        older.remove("origins");
        write(notes, older.toString());
        run("mix", recipe, -1);
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, text);
    }

    /// One under way refuses, too; one that has kept nothing yet may begin otherwise. What it begins with may be
    /// moved, but not be another.
    @Test
    void aRunUnderWayKeepsItsSettings() throws IOException {
        assertThatThrownBy(() -> run("under", Tiny.recipe(), 2)).hasMessageContaining("on purpose");
        assertThatThrownBy(() -> run("under", Tiny.recipe("learn.projector=1.0e-4", "seed=8"), -1))
                .hasMessageContaining("(learn, seed)");
        var nothing = new RunFolder(temporary.resolve("nothing")).run("projector");
        var huge = Tiny.recipe("data.mixture=" + Files.writeString(temporary.resolve("empty.json"), "[]"));
        assertThatThrownBy(() -> run("nothing", huge, -1)).hasMessageContaining("no samples");
        assertThat(run("nothing", Tiny.recipe("schedule.steps=1"), -1)).isEqualTo(nothing.export());
        var first = copy(Tiny.CHECKPOINT, "first");
        var second = copy(Tiny.CHECKPOINT, "second");
        var from = "from={checkpoint: %s}";
        run("placed", Tiny.recipe(from.formatted(first), "schedule.steps=1"), -1);
        var other = Tiny.recipe(from.formatted(second), "schedule.steps=1");
        assertThatThrownBy(() -> run("placed", other, -1)).hasMessageContaining("(from.checkpoint)");
        Files.move(first, temporary.resolve("gone"));
        run("placed", other, -1);
    }

    private Path copy(Path checkpoint, String name) throws IOException {
        var folder = Files.createDirectories(temporary.resolve(name));
        try (var files = Files.list(checkpoint)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    /// The average is judged, and behind it all is as before.
    @Test
    void theAverageIsWhatIsJudged() {
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32);
                var _ = TensorScope.open()) {
            var weight = parameters.parameter("model.mm_projector.0.weight", 2, 3);
            try (var average = new Average(parameters, 0.5)) {
                var begun = weight.detach().copy();
                var learned = begun.times(3);
                weight.detach().copyInPlace(learned);
                var seen = average.during(
                        () -> weight.detach().minus(begun).abs().max().item());
                assertThat(seen).isZero();
                assertThat(weight.detach().minus(learned).abs().max().item()).isZero();
            }
        }
    }

    /// a ← a + (1 − d)(w − a), d growing with the steps: 2/11 after the first, and 0.5 at most.
    @Test
    void theAverageFollowsTheWeights() {
        try (var origin = new Initial();
                var parameters = new Parameters(origin, _ -> true, DType.F32);
                var _ = TensorScope.open()) {
            var weight = parameters.parameter("model.mm_projector.0.weight", 2, 3);
            try (var average = new Average(parameters, 0.5)) {
                var master = parameters.learned().iterator().next().master().detach();
                double expected = master.toFloats()[0];
                for (int step : new int[] {1, 20}) {
                    master.copyInPlace(master.times(3).plus(1));
                    average.take(step);
                    double decay = step == 1 ? 2.0 / 11 : 0.5;
                    expected += (1 - decay) * (master.toFloats()[0] - expected);
                }
                assertThat((double) average.values().values().iterator().next().toFloats()[0])
                        .isCloseTo(expected, within(1e-5));
            }
            assertThat(weight.shape()).containsExactly(2, 3);
        }
    }

    /// Three samples in batches of two: each epoch begins with a batch.
    @Test
    void anEpochEndsWithAWholeBatch() throws IOException {
        var talk = "{\"id\": \"%d\", \"conversations\": [{\"from\": \"human\", \"value\": \"a\"},"
                + " {\"from\": \"gpt\", \"value\": \"b\"}]}";
        var lines = IntStream.range(0, 3).mapToObj(talk::formatted).collect(Collectors.joining("\n"));
        var data = Files.writeString(temporary.resolve("three.jsonl"), lines);
        run(
                "epochs",
                Tiny.recipe(
                        "data.mixture=" + data,
                        "batch={global: 2, micro: 2}",
                        "schedule={steps: null, epochs: 2}",
                        "data.order=sequential"),
                -1);
        var state = new Snapshots(temporary.resolve("epochs/projector/checkpoints"), 1).newestState();
        assertThat(state.step()).isEqualTo(4);
        assertThat(state.position()).isEqualTo(8);
    }

    /// A tar of records holds its pictures itself; those of a JSON file lie beside it.
    @Test
    void picturesLieWhereTheirRecordsAre() throws IOException {
        var talk = """
                [{"id": "x", "image": "x.png", "conversations": [{"from": "human", "value": "<image>"},
                {"from": "gpt", "value": "c"}]}]""";
        var picture = Files.readAllBytes(Tiny.PICTURES.resolve("wide.png"));
        var tar = Files.write(temporary.resolve("s.tar"), Tar.of("0.png", picture, "0.txt", "a sign"));
        var json = Files.writeString(temporary.resolve("s.json"), talk);
        Files.write(temporary.resolve("x.png"), picture);
        for (var records : List.of(tar, json)) {
            var recipe = Tiny.recipe("data.mixture=" + records, "data.folder=null", "schedule.steps=1");
            assertThat(run("of-" + records.getFileName(), recipe, -1).resolve("model.safetensors"))
                    .exists();
        }
    }

    /// The validation knows only the first step as the best: that is the result.
    @Test
    void theBestCanBeTheResult() throws IOException {
        var held = "validation={mixture: %s, folder: %s, every: 1}".formatted(Tiny.RECORDS, Tiny.PICTURES);
        String[] set = {held, "learn.projector=0.5", "schedule={warmup: 0, steps: 3}", "ema=0.5"};
        var last = run("last", Tiny.recipe(set), -1);
        var scores = Files.readAllLines(temporary.resolve("last/projector/validation.jsonl"));
        assertThat(scores).hasSize(3);
        var with = Arrays.copyOf(set, set.length + 1);
        with[set.length] = "keep={last: 3, export: best}";
        var best = run("best", Tiny.recipe(with), -1);
        var snapshots = new Snapshots(temporary.resolve("best/projector/checkpoints"), 3);
        long step = snapshots.newestState().best().orElseThrow().step();
        assertThat(weights(best)).isNotEqualTo(weights(last));
        assertThat(step).isLessThan(3);
        var name = "model.mm_projector.0.weight";
        try (var result = Checkpoint.open(best);
                var kept = Checkpoint.open(temporary.resolve(
                        "best/projector/checkpoints/step-%08d/weights.safetensors".formatted(step)))) {
            assertThat(numbers(result, name))
                    .isEqualTo(numbers(kept, name + "/average"))
                    .isNotEqualTo(numbers(kept, name));
        }
        assertThatThrownBy(() -> Tiny.recipe("keep={export: best}")).hasMessageContaining("keep.export");
    }

    /// Opened once: what is gone after the first validation is not looked for again.
    @Test
    void whatIsHeldOutIsOpenedOnce() throws IOException {
        var held = Files.copy(Tiny.RECORDS, temporary.resolve("held.json"));
        var recipe =
                Tiny.recipe("validation={mixture: %s, folder: %s, every: 1, count: 2}".formatted(held, Tiny.PICTURES));
        var judged = new ArrayList<Long>();
        var sink = new LogSink() {
            @Override
            public void step(StepLog step) {}

            @Override
            public void validation(ValidationLog validation) {
                assertThat(held.toFile().delete()).isEqualTo(judged.isEmpty());
                judged.add(validation.step());
            }

            @Override
            public void close() {}
        };
        new RecipeRunner(recipe, new RunFolder(temporary.resolve("once")), _ -> sink).run(Optional.empty());
        assertThat(judged).containsExactly(1L, 2L, 3L);
    }

    private static RecipeRunner.Finished finish(Path folder, Recipe recipe, StageRunner.Kept kept) {
        return new RecipeRunner(recipe, new RunFolder(folder), _ -> new Tiny.Stopping(0))
                .finish(Optional.empty(), kept);
    }

    /// The newest snapshot is the result, and a later call takes the stage for finished.
    @Test
    void aRunUnderWayCanBeFinished() throws IOException {
        var folder = temporary.resolve("early");
        var recipe = Tiny.recipe("ema=0.5", "schedule.steps=4");
        assertThatThrownBy(() -> finish(folder, recipe, StageRunner.Kept.LAST))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("cannot finish projector: no step of it is kept in ")
                .hasMessageContaining("keep.every: 1")
                .message()
                .hasLineCount(1);
        assertThat(folder).doesNotExist();
        assertThatThrownBy(() -> Tiny.run(folder, recipe, 3)).hasMessageContaining("on purpose");
        assertThatThrownBy(() -> finish(folder, recipe, StageRunner.Kept.BEST))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("no step that was judged is kept");
        assertThatThrownBy(() -> finish(folder, Tiny.recipe("ema=0.5"), StageRunner.Kept.LAST))
                .hasMessageContaining("(schedule)");
        var export = folder.resolve("projector/export");
        assertThat(export.resolve("model.safetensors")).doesNotExist();

        var made = finish(folder, recipe, StageRunner.Kept.LAST);
        assertThat(made).isEqualTo(new RecipeRunner.Finished("projector", 2, export));
        var name = "model.mm_projector.0.weight";
        try (var result = Checkpoint.open(export);
                var kept = Checkpoint.open(folder.resolve("projector/checkpoints/step-00000002/weights.safetensors"))) {
            assertThat(numbers(result, name)).isEqualTo(numbers(kept, name + "/average"));
        }
        assertThat(Files.readString(export.resolve("training.yaml"))).contains("finished early, after step 2");
        var weights = weights(export);
        assertThat(new RecipeRunner(recipe, new RunFolder(folder), _ -> new Tiny.Stopping(0)).run(Optional.empty()))
                .containsExactly("projector");
        assertThat(weights(export)).isEqualTo(weights);
        assertThatThrownBy(() -> finish(folder, recipe, StageRunner.Kept.LAST))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("all stages have their results");
    }

    /// The data are not needed for it.
    @Test
    void theBestSoFarCanBeTheResult() throws IOException {
        var data = Files.copy(Tiny.RECORDS, temporary.resolve("data.json"));
        var recipe = Tiny.recipe("data.mixture=" + data);
        var folder = temporary.resolve("best-early");
        assertThatThrownBy(() -> Tiny.run(folder, recipe, 3)).hasMessageContaining("on purpose");
        var snapshots = new Snapshots(folder.resolve("projector/checkpoints"), 2);
        var newest = snapshots.newestState();
        assertThat(newest.step()).isEqualTo(2);
        snapshots.note(new Snapshots.State(
                newest.step(), newest.position(), Optional.of(new Snapshots.Best(-1, 1)), newest.counts()));
        Files.delete(data);
        var made = finish(folder, recipe, StageRunner.Kept.BEST);
        assertThat(made.step()).isEqualTo(1);
        var name = "model.mm_projector.0.weight";
        var kept = folder.resolve("projector/checkpoints/step-00000001/weights.safetensors");
        var last = folder.resolve("projector/checkpoints/step-00000002/weights.safetensors");
        try (var result = Checkpoint.open(made.result());
                var best = Checkpoint.open(kept);
                var other = Checkpoint.open(last)) {
            assertThat(numbers(result, name)).isEqualTo(numbers(best, name)).isNotEqualTo(numbers(other, name));
        }
    }

    @Test
    void aRecordThatBeginsWithAnAnswerKeepsItsPicture() throws IOException {
        var data = Files.writeString(temporary.resolve("late.json"), """
                [{"id": "late", "image": "wide.png", "conversations": [{"from": "gpt", "value": "Hello. <image>"},
                {"from": "human", "value": "What?"}, {"from": "gpt", "value": "A sign."}]},
                {"id": "usual", "image": "wide.png", "conversations": [{"from": "human", "value": "What?"},
                {"from": "gpt", "value": "A sign."}]}]""");
        var maker = SampleMaker.of(Tiny.CHECKPOINT, Optional.empty(), RowForm.CONVERSATION);
        try (var corpus = Corpus.open(Mixture.of(data, Optional.of(Tiny.PICTURES)))) {
            var samples = new Dataset(corpus, maker);
            assertThat(samples.get(0).ids()).isEqualTo(samples.get(1).ids()).contains(ImageSlots.IMAGE);
        }
    }

    /// The shipped recipes of single stages find each other's results.
    @Test
    void shippedStagesFollowEachOther() {
        var projector = Recipe.named("projector", List.of());
        var folder = new RunFolder(Path.of("runs", projector.name()));
        assertThat(Recipe.named("fine-tune", List.of())
                        .stage("fine-tune")
                        .from()
                        .checkpoint())
                .contains(folder.run("projector").export());
    }

    /// What the experts looked at alone they look at together.
    @Test
    void sizesOfPicturesStayWithTheExperts() {
        var yaml = """
                recipe: apart
                common:
                  data: { mixture: %s, folder: %s, template: v1, maxLength: 1200 }
                  batch: { global: 1, micro: 1 }
                  schedule: { steps: 1, warmup: 0 }
                stages:
                  - stage: each
                    each: expert
                    learn: { experts: 1.0e-3, projector: 1.0e-3, language: 0 }
                    from: { checkpoint: %s, inputs: { clip-448: 224, convnext-1024: 512 } }
                  - stage: together
                    learn: { experts: 0, projector: 1.0e-3, language: 0 }
                    from: { inputs: { convnext-1024: 768 } }
                """.formatted(Tiny.RECORDS, Tiny.PICTURES, Tiny.CHECKPOINT);
        var folder = new RunFolder(temporary.resolve("apart"));
        new RecipeRunner(Recipe.parse("apart", yaml, List.of()), folder, _ -> new Tiny.Stopping(-1))
                .run(Optional.empty());
        assertThat(EagleConfig.open(folder.run("together").export()).mixture().inputs())
                .isEqualTo(Map.of(Experts.CLIP, 224, Experts.CONVNEXT, 768));
    }

    /// What a stage learned is not lost where the next one names its fusion again, in other words or with adapters.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eaglet-x5 | {method: llava-hr, adapters: 0} | llava-hr | model.mm_projector.0.weight",
                "eagle-x2-tiny | {method: sva, layers: 3} | sva | model.mm_projector.0.weight",
                "eagle-x2-tiny | flamingo | flamingo | model.perceiver_resampler.latents"
            })
    void aFusionGoesOn(String model, String first, String second, String weight) {
        var checkpoint = model.equals("eaglet-x5") ? Path.of("../models", model) : Tiny.CHECKPOINT;
        var yaml = """
                recipe: goes-on
                common:
                  learn: { experts: 0, projector: 1.0e-3, language: 0 }
                  data: { mixture: %s, folder: %s, template: v1, maxLength: 1200 }
                  batch: { global: 1, micro: 1 }
                  schedule: { steps: 1, warmup: 0.5 }
                stages:
                  - stage: first
                    from: { checkpoint: %s, fusion: %s }
                  - stage: second
                    seed: 7
                    from: { fusion: %s }
                """.formatted(Tiny.RECORDS, Tiny.PICTURES, checkpoint, first, second);
        var folder = new RunFolder(temporary.resolve("goes-on"));
        new RecipeRunner(Recipe.parse("goes-on", yaml, List.of()), folder, _ -> new Tiny.Stopping(-1))
                .run(Optional.empty());
        try (var before = Checkpoint.open(folder.run("first").export());
                var after = Checkpoint.open(folder.run("second").export())) { // in the first step the rate is 0
            assertThat(numbers(after, weight)).isEqualTo(numbers(before, weight));
        }
    }

    /// LLaVA's CLIP comes with its checkpoint where other parts come from elsewhere.
    @Test
    void aLoneTowerStaysBesideOtherParts() {
        var llava = Tiny.GOLDEN.resolve("family/llava-v1.5-tiny");
        var name = EagleConfig.open(llava).towers();
        var from = "from={checkpoint: %s, experts: {%s: %s}}".formatted(llava, name, llava.resolve("vision_tower"));
        var whole = run("whole", Tiny.recipe(from, "schedule.steps=1"), -1);
        var beside = "from={checkpoint: %s, language: %s}";
        var projector = "model.mm_projector.0.weight";
        try (var released = Checkpoint.open(llava);
                var trained = Checkpoint.open(whole)) { // in the first step the rate is 0
            assertThat(numbers(trained, projector)).isEqualTo(numbers(released, projector));
        }
        var result = run("beside", Tiny.recipe(beside.formatted(whole, llava), "schedule.steps=1"), -1);
        assertThat(EagleConfig.open(result).towers()).isEqualTo(name);
        try (var before = Checkpoint.open(whole);
                var after = Checkpoint.open(result)) {
            assertThat(after.names()).isEqualTo(before.names()).anyMatch(each -> each.contains("vision_tower"));
        }
        assertThatThrownBy(() -> run("without", Tiny.recipe(beside.formatted(llava, llava)), -1))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("no tensor …vision_model.embeddings.class_embedding");
        var next = Tiny.GOLDEN.resolve("family/llava-v1.6-tiny");
        assertThatThrownBy(() -> run("next", Tiny.recipe(beside.formatted(next, llava)), -1))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("its authors' layout");
    }

    @Test
    void anExpertLearnsWhereOneOfItsParametersDoes() {
        var mixed = "model.vision_tower.vision_towers.1.vision_tower.stem.0.weight";
        assertThat(StageRunner.isOf(mixed, 1)).isTrue();
        assertThat(StageRunner.isOf(mixed, 0)).isFalse();
        var lone = "model.vision_tower.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.lora_A.weight";
        assertThat(StageRunner.isOf(lone, 0)).isTrue();
        assertThat(StageRunner.isOf("model.mm_projector.0.weight", 0)).isFalse();
        assertThat(StageRunner.isOf("model.vision_tower.align_stages.0.weight", 0))
                .isFalse();
    }
}

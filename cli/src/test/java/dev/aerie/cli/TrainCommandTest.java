package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    private Path recipe() throws IOException {
        return Files.writeString(folder.resolve("tiny.yaml"), """
                recipe: tiny
                stage: fine-tune
                learn: { experts: 0, projector: 1.0e-3, language: 0 }
                data:
                  mixture: %s
                  folder: %s
                  template: v1
                  maxLength: 1200
                batch: { global: 2, micro: 1 }
                schedule: { steps: 2 }
                from: { checkpoint: %s }
                """.formatted(
                Aerie.MODELS.resolveSibling("train/eagle-x2-tiny/sft.json"), X2.resolve("expected/images"), X2));
    }

    @Test
    void whatLoraTrainedAnswers() throws IOException {
        var run = folder.resolve("run");
        var trained = Aerie.run(
                "train",
                recipe(),
                "-o",
                run,
                "--set",
                "learn.projector=0",
                "--set",
                "lora={rank: 2, alpha: 4, targets: [\"model.layers.*_proj\"], rate: 0.01}");
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        assertThat(trained.out()).contains("fine-tune", "step 2/2", "finished");
        var answered = Aerie.run("ask", "--model", run.resolve("fine-tune/export"), "--max-tokens", 3, "What?");
        assertThat(answered.code()).describedAs(answered.err()).isZero();
        var reported = Aerie.run("report", run);
        assertThat(reported.code()).isZero();
        assertThat(Files.readString(run.resolve("report.html"))).contains("rank: 2");
    }

    @Test
    void dataOfWhichNothingCanBeUsedIsAMistake() throws IOException {
        var data = Files.writeString(folder.resolve("data.json"), """
                [{"id": "one", "image": "none.png", "conversations": [
                  {"from": "human", "value": "<image>\\nWhat?"}, {"from": "gpt", "value": "Nothing."}]}]
                """);
        var run = folder.resolve("run");
        var trained = Aerie.run(
                "train", recipe(), "-o", run, "--set", "data.mixture=" + data, "--set", "data.folder=" + folder);
        assertThat(trained.code()).isEqualTo(Main.MISTAKE);
        assertThat(trained.err())
                .contains(
                        "all 4 samples so far are broken; the first: record one: there is no picture",
                        "aerie data check")
                .hasLineCount(1);
        assertThat(run.resolve("fine-tune/export")).doesNotExist();
    }

    @Test
    void aFinishedRunSaysSoAndBecomesNoOther() throws IOException {
        var run = folder.resolve("run");
        assertThat(Aerie.run("train", recipe(), "-o", run, "--only", "fine-tune")
                        .code())
                .isZero();
        var again = Aerie.run("train", recipe(), "-o", run);
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("fine-tune was finished before").doesNotContain("step 1/2");
        var other = Aerie.run("train", recipe(), "-o", run, "--set", "schedule.steps=3");
        assertThat(other.code()).isEqualTo(Main.MISTAKE);
        assertThat(other.err()).contains("begun with other settings").hasLineCount(1);
        var both = Aerie.run("train", recipe(), "--stage", "fine-tune", "--only", "fine-tune");
        assertThat(both.code()).isEqualTo(Main.MISTAKE);
    }

    @Test
    void whatCannotFitDoesNotBegin() throws IOException {
        var run = folder.resolve("run");
        var much = "batch={global: 131072, micro: 131072}";
        var refused = Aerie.run("train", recipe(), "-o", run, "--set", much);
        assertThat(refused.code()).isEqualTo(Main.MISTAKE);
        assertThat(refused.err())
                .contains("cannot run fine-tune on this machine", "would fit")
                .hasLineCount(1);
        assertThat(run.resolve("fine-tune")).doesNotExist();
    }

    /// A short run keeps little, whatever it might keep.
    @Test
    void whatHasNoRoomOnTheDiskDoesNotBegin() throws IOException {
        var run = folder.resolve("run");
        var many = "keep.last=1000000000";
        var refused = Aerie.run(
                "train",
                recipe(),
                "-o",
                run,
                "--set",
                many,
                "--set",
                "keep.every=1",
                "--set",
                "schedule.steps=1000000000");
        assertThat(refused.code()).isEqualTo(Main.MISTAKE);
        assertThat(refused.err())
                .contains("cannot run fine-tune on this machine: 1000000001 checkpoints and the export take ")
                .contains(" of disk, but ", " are free", "--force")
                .hasLineCount(1);
        assertThat(run.resolve("fine-tune")).doesNotExist();
        var few = Aerie.run("train", recipe(), "-o", run, "--set", many);
        assertThat(few.code()).describedAs(few.err()).isZero();
    }

    @Test
    void aStageUnderWayIsFinished() throws IOException {
        var run = folder.resolve("run");
        var nothing = Aerie.run("train", recipe(), "-o", run, "--finish", "last");
        assertThat(nothing.code()).isEqualTo(Main.MISTAKE);
        assertThat(nothing.err()).contains("cannot finish fine-tune").hasLineCount(1);
        assertThat(run).doesNotExist();
        assertThat(Aerie.run("train", recipe(), "-o", run).code()).isZero();
        var weights = run.resolve("fine-tune/export/model.safetensors");
        Files.delete(weights);
        var best = Aerie.run("train", recipe(), "-o", run, "--finish", "best");
        assertThat(best.code()).isEqualTo(Main.MISTAKE);
        assertThat(best.err()).contains("no step that was judged is kept").hasLineCount(1);
        var last = Aerie.run("train", recipe(), "-o", run, "--finish", "last", "--only", "fine-tune");
        assertThat(last.err()).isEmpty();
        assertThat(last.code()).isZero();
        assertThat(last.out())
                .contains("fine-tune is finished: step 2 is its result")
                .hasLineCount(1);
        assertThat(weights).exists();
        var again = Aerie.run("train", recipe(), "-o", run);
        assertThat(again.out()).contains("fine-tune was finished before");
        for (var wrong : new Object[][] {{"--finish", "worst"}, {"--finish", "last", "--plan"}}) {
            var arguments = new java.util.ArrayList<Object>(java.util.List.of("train", recipe(), "-o", run));
            arguments.addAll(java.util.List.of(wrong));
            var result = Aerie.run(arguments.toArray());
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).contains("--finish").hasLineCount(1);
        }
    }

    @Test
    void aPlanMeasuresAStepAndWritesNothing() throws IOException {
        var planned = Aerie.run("train", recipe(), "--plan", "--measure", "-o", folder.resolve("run"));
        assertThat(planned.err()).isEmpty();
        assertThat(planned.code()).isZero();
        assertThat(planned.out())
                .containsPattern("steps +2\\R")
                .containsPattern("time .* a step, .* in all \\(measured\\)")
                .containsPattern("measured: 2 x .* for a micro-batch of 1 \\(rows of [\\d,]+\\) and .* for an update");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("tiny.yaml"));
        }
    }

    @Test
    void whereThereAreNoDataAScaledStepIsMeasured() throws IOException {
        var planned =
                Aerie.run("train", recipe(), "--plan", "--measure", "--row", 64, "--set", "data.mixture=none.json");
        assertThat(planned.code()).describedAs(planned.err()).isZero();
        assertThat(planned.out())
                .contains("(measured)")
                .containsPattern("measured: scaled: one of \\d+ decoder layers .* \\(.*none\\.json.*\\)");
    }

    @Test
    void measuringIsForPlansOfThisMachine() throws IOException {
        for (var wrong : new String[][] {
            {"--measure"}, {"--machine", "8x80GB"}, {"--row", "9"}, {"--plan", "--measure", "--machine", "8x80GB"}
        }) {
            var arguments = new java.util.ArrayList<Object>(java.util.List.of("train", recipe()));
            arguments.addAll(java.util.List.of(wrong));
            var result = Aerie.run(arguments.toArray());
            assertThat(result.code()).isNotZero();
            assertThat(result.err()).contains("--plan").hasLineCount(1);
        }
    }

    /// Stages that go on from others have their models; nothing of them is there yet.
    @Test
    void aPlanFollowsTheStages() throws IOException {
        var stages = """
                stages:
                  - stage: first
                  - stage: second
                    from: { fusion: { method: sum, width: 16 } }
                  - stage: third
                    from: { checkpoint: first, inputs: { clip-448: 224 } }
                """;
        var alone = Files.readString(recipe()).replace("stage: fine-tune\n", "");
        int from = alone.indexOf("from:");
        var common =
                ("common:\n" + alone.substring(alone.indexOf("learn:"), from).indent(2))
                        + stages.replace("  - stage: first\n", "  - stage: first\n    " + alone.substring(from));
        var file = Files.writeString(folder.resolve("three.yaml"), "recipe: three\n" + common);
        var planned = Aerie.run("train", file, "--plan", "--machine", "1x64GB");
        assertThat(planned.err()).isEmpty();
        assertThat(planned.code()).isZero();
        assertThat(planned.out()).contains("first", "second", "third");
        var much = "batch={global: 4096, micro: 4096}";
        var small = Aerie.run("train", file, "--plan", "--machine", "1x1GB", "--set", much);
        assertThat(small.code()).isEqualTo(Main.MISTAKE);
        assertThat(small.err()).contains("cannot run first on 1x1GB").hasLineCount(1);
        Files.writeString(file, "recipe: three\n" + common.replace("    " + alone.substring(from), ""));
        var nowhere = Aerie.run("train", file, "--plan", "--machine", "1x64GB");
        assertThat(nowhere.code()).isEqualTo(Main.MISTAKE);
        assertThat(nowhere.err()).contains("cannot plan the stage first").hasLineCount(1);
    }
}

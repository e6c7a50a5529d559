package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Looking;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Question;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Route;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.tensor.DType;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The miniature that chooses its experts, made in a few steps from the one that comes with Aerie.
class MovaBuildTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");

    private static final AnswerOptions SHORT = AnswerOptions.DEFAULT.withMaxTokens(4);

    @TempDir
    Path folder;

    @Test
    void aMixtureLearnsToChooseItsExperts() throws Exception {
        var said = new ArrayList<String>();
        var build = new MovaBuild(folder, EAGLET, 0, 4, DType.BF16, said::add);
        var quality = build.run();
        assertThat(quality.measured()).hasSize(15); // all sets of four but the whole
        assertThat(quality.labels()).containsOnlyKeys(Family.values());
        assertThat(said).anyMatch(line -> line.startsWith("routed: right choices of experts"));
        for (var made : List.of(build.adapter(), build.routed())) {
            assertThat(experts(made)).isEqualTo(experts(EAGLET));
        }
        asksItself(build.routed());
        scoresAsItAnswers(build.routed());

        var time = Files.getLastModifiedTime(build.adapter().resolve("model.safetensors"));
        Files.delete(build.routed().resolve("model.safetensors"));
        assertThat(build.run()).isEqualTo(quality);
        assertThat(build.routed().resolve("model.safetensors")).exists();
        assertThat(Files.getLastModifiedTime(build.adapter().resolve("model.safetensors")))
                .isEqualTo(time);
    }

    /// Who looked is who was chosen, by the answer to the pool's prompt.
    private static void asksItself(Path model) {
        var picture = World.draw(Split.SCORING.seed(0, 3)).picture();
        var question = new Question("how many shapes are there?", List.of(picture));
        try (var eagle = Eagle.open(model)) {
            assertThat(eagle.config().mixture().fusion().method()).isEqualTo(Fusions.MOVA);
            var pool = eagle.pool().orElseThrow();
            var answer = eagle.ask(question, SHORT, AnswerListener.NONE);
            var choice = eagle.ask(
                    new Question(pool.ask(question.text()), List.of()),
                    AnswerOptions.DEFAULT.withMaxTokens(16),
                    AnswerListener.NONE);
            var expected = new HashSet<>(pool.chosen(choice.text()));
            expected.add("clip-448");
            assertThat(answer.looked()).containsExactlyInAnyOrderElementsOf(expected);
        }
        var only = LoadOptions.DEFAULT.withLooking(Looking.parse("sam-1024;det-1024"));
        try (var eagle = Eagle.open(model, only)) {
            var answers = eagle.ask(List.of(question, question), SHORT);
            assertThat(answers.getLast().looked()).containsExactly("clip-448", "sam-1024", "det-1024");
        }
    }

    private static void scoresAsItAnswers(Path model) {
        var scoring = new Scoring(Setting.FULL, 1, 0);
        var asked = scoring.of(model, Progress.SILENT).all();
        var all = scoring.of(model, Looking.parse("all"), Optional.empty(), Progress.SILENT)
                .all();
        assertThat(asked.asked()).isEqualTo(all.asked());
    }

    private static Map<String, String> experts(Path model) {
        try (var weights = Checkpoint.open(model)) {
            return weights.names().stream()
                    .filter(name -> name.startsWith("model.vision_tower."))
                    .collect(Collectors.toMap(
                            name -> name,
                            name -> Arrays.toString(weights.find(name)
                                    .orElseThrow()
                                    .data()
                                    .asSlice(0, 16)
                                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))));
        }
    }

    @Test
    void refusesWhatItCannotMakeBeforeAnythingIsDone() throws Exception {
        assertThatThrownBy(() -> new MovaBuild(folder, EAGLET, -1, 4, DType.F32, _ -> {}))
                .hasMessageContaining("budget");
        assertThatThrownBy(() -> new MovaBuild(folder, EAGLET, 1, 0, DType.F32, _ -> {}))
                .hasMessageContaining("0 pictures");
        Kept.write(
                folder.resolve("settings.json"),
                Map.of("from", "elsewhere", "budget", 1, "heldOut", 4, "precision", "F32"));
        assertThatThrownBy(() -> new MovaBuild(folder, EAGLET, 1, 4, DType.F32, _ -> {}).run())
                .hasMessageContaining("begun with other settings");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void anyExpertsAreDrawnFromThePicturesSeeds() {
        var batch = Pretraining.drawings(Setting.FULL, Split.TRAINING, 1, 0, 64);
        var routes = MovaBuild.any(batch, 4);
        assertThat(MovaBuild.any(batch, 4)).isEqualTo(routes);
        var sizes = routes.each().stream().map(route -> route.experts().size()).collect(Collectors.toSet());
        assertThat(sizes).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        for (int expert = 1; expert <= 4; expert++) {
            int place = expert;
            assertThat(routes.each().stream()
                            .filter((Route route) -> route.experts().contains(place)))
                    .hasSizeBetween(16, 48);
        }
    }

    @Test
    void labelsAreTheFewestThatAreAsGood() {
        var quality = new RouteQuality(List.of(
                measured(List.of(), 500, 100),
                measured(List.of("sam-1024"), 895, 300),
                measured(List.of("det-1024"), 893, 899),
                measured(List.of("sam-1024", "det-1024"), 900, 910)));
        var labels = quality.labels();
        assertThat(labels.get(Family.GQA)).containsExactly("sam-1024");
        assertThat(labels.get(Family.TEXT)).containsExactly("sam-1024", "det-1024");
        assertThat(quality.best(1)).containsExactly("det-1024");
        assertThat(quality.best(2)).containsExactly("sam-1024", "det-1024");
        var file = folder.resolve("quality.json");
        Kept.write(file, quality);
        assertThat(Kept.read(file, RouteQuality.class)).isEqualTo(quality);
    }

    private static RouteQuality.Measured measured(List<String> towers, int gqa, int text) {
        var families = new EnumMap<Family, FamilyScores.Score>(Family.class);
        families.put(Family.GQA, new FamilyScores.Score(gqa, 1000));
        families.put(Family.TEXT, new FamilyScores.Score(text, 1000));
        return new RouteQuality.Measured(towers, families);
    }
}

package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Looking;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Question;
import dev.aerie.image.Picture;
import dev.aerie.lab.words.Found;
import dev.aerie.lab.words.Wording;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.tensor.DType;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.data.Row;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.vision.Experts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experts that have learned for a few steps, with their heads, say what they find.
class FindersTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");

    @TempDir
    Path folder;

    private void school(Experts kind) {
        var schooling = new Schooling(kind, 2, 2, 1e-3);
        schooling.run(
                Miniature.EAGLET,
                schooling.settings(Setting.FULL, 1, 1),
                Tokenizer.open(EAGLET),
                DType.F32,
                folder.resolve("runs").resolve(kind.tower()),
                folder.resolve(kind.tower() + ".safetensors"),
                _ -> (_, _, _) -> {});
    }

    @Test
    void theHeadsOfTheirTasksAreKeptAndUsed() throws Exception {
        assertThatThrownBy(() -> new Finders(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("head.safetensors");
        school(Experts.DET);
        school(Experts.PIX2STRUCT);
        var pictures = IntStream.range(0, 3)
                .mapToObj(i -> Setting.FULL.draw(Split.SCORING.seed(0, i)).picture())
                .toList();
        try (var finders = new Finders(folder)) {
            var said = finders.say(pictures);
            assertThat(said).hasSize(3);
            assertThat(finders.say(List.of(pictures.get(2)))).containsExactly(said.get(2));
            var asked = finders.behindFound(new Question("what is it?", pictures.subList(0, 1)));
            assertThat(asked.text()).isEqualTo((said.get(0) + " what is it?").strip());
            assertThat(asked.choosesBy()).isEqualTo("what is it?");
            assertThat(finders.say(List.of(Picture.filled(300, 200, 9, 9, 9)))).hasSize(1);
            var scores =
                    new Scoring(Setting.FULL, 2, 0).of(EAGLET, Looking.AS_ASKED, Optional.of(finders), Progress.SILENT);
            assertThat(scores.all().asked())
                    .isEqualTo(new Scoring(Setting.FULL, 2, 0)
                            .of(EAGLET, Progress.SILENT)
                            .all()
                            .asked());
        }
        rowsHaveWhatFindersSay();
        Files.delete(folder.resolve("det-1024.head.safetensors"));
        try (var reader = new Finders(folder)) {
            assertThat(reader.say(pictures)).noneMatch(said -> said.contains("star"));
        }
    }

    /// Training with the finders of a folder: the row of a prompt that says what they find, not what there is.
    private void rowsHaveWhatFindersSay() {
        var maker = SampleMaker.of(EAGLET, Optional.empty(), RowForm.INDEPENDENT_TURNS);
        var source = ExamplesSource.named("world-found").orElseThrow();
        var request = new ExamplesSource.Request(ExamplesSource.Use.VALIDATION, Optional.of(folder), 2, 7, maker);
        try (var rows = source.open(request);
                var finders = new Finders(folder)) {
            for (int i = 0; i < 2; i++) {
                var drawing = Setting.FULL.draw(Split.VALIDATION.seed(7, i));
                var said = finders.say(List.of(drawing.picture())).getFirst();
                assertThat(said).isNotEqualTo(Wording.shipped().say(Found.of(drawing)));
                var row = rows.get(i).ids();
                int picture = Slots.ofPicture(row);
                var words = FoundExamples.tokens(said, maker.tokenizer());
                assertThat(Arrays.copyOfRange(row, picture + 1, picture + 1 + words.length))
                        .isEqualTo(words);
            }
        }
    }

    /// What a row has behind its picture is what a prompt has there.
    @Test
    void rowsAreThePromptsOfQuestionsBehindWords() {
        var maker = SampleMaker.of(EAGLET, Optional.empty(), RowForm.INDEPENDENT_TURNS);
        var source = ExamplesSource.named("world-found").orElseThrow();
        var plain = ExamplesSource.named("world").orElseThrow();
        var request = new ExamplesSource.Request(ExamplesSource.Use.VALIDATION, Optional.empty(), 4, 7, maker);
        try (var eagle = Eagle.open(EAGLET);
                var found = source.open(request);
                var rows = plain.open(request)) {
            for (int i = 0; i < 4; i++) {
                var drawing = Setting.FULL.draw(Split.VALIDATION.seed(7, i));
                var words = Wording.shipped().say(Found.of(drawing));
                var first = WorldExamples.turns(drawing).getFirst();
                var question = new Question(words + " " + first.text(), List.of(drawing.picture()));
                var prompt = eagle.ask(question, AnswerOptions.DEFAULT.withMaxTokens(1), AnswerListener.NONE)
                        .promptIds();
                var row = found.get(i);
                assertThat(Arrays.copyOf(row.ids(), prompt.length)).isEqualTo(prompt);
                assertThat(learned(row.labels()))
                        .isLessThanOrEqualTo(learned(rows.get(i).labels()));
                assertThat(new Row(row.ids(), row.labels(), row.turns(), 0)
                                .positions(maker.viewing().wholeTokens()))
                        .isLessThanOrEqualTo(maker.maxLength());
                assertThat(found.kinds(i)).isEqualTo(rows.kinds(i));
            }
        }
    }

    private static long learned(int[] labels) {
        return Arrays.stream(labels).filter(label -> label >= 0).count();
    }
}

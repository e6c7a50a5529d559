package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.image.Pictures;
import dev.aerie.lab.world.WorldWriter.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorldWriterTest {

    private static final Series SERIES = Series.of(Split.TRAINING, 2);

    @TempDir
    private Path folder = Path.of("");

    private JsonNode records() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("world.json")));
    }

    @Test
    void writesRecordsAndPictures() throws IOException {
        var heard = new ArrayList<Long>();
        new WorldWriter(SERIES, 9, Turns.BOTH).write(folder, heard::add);
        assertThat(heard).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        var records = records();
        assertThat(records).hasSize(9);
        for (var i = 0; i < 9; i++) {
            var drawing = World.draw(Split.TRAINING.seed(2, i));
            var record = records.get(i);
            assertThat(record.get("id").stringValue()).isEqualTo("training-2-0000000" + i);
            var image = folder.resolve("images").resolve(record.get("image").stringValue());
            assertThat(Pictures.read(image)).isEqualTo(drawing.picture());
            var said = record.get("conversations")
                    .valueStream()
                    .map(message -> message.get("from").stringValue() + ": "
                            + message.get("value").stringValue())
                    .toList();
            var expected =
                    new ArrayList<>(List.of("human: <image>\ndescribe the picture.", "gpt: " + drawing.caption()));
            for (var question : drawing.questions()) {
                expected.add("human: " + question.text());
                expected.add("gpt: " + question.answer());
            }
            assertThat(said).isEqualTo(expected);
            assertThat(record.get("conversations")
                            .valueStream()
                            .flatMap(message -> message.path("family").stringValueOpt().stream()))
                    .containsExactlyElementsOf(drawing.questions().stream()
                            .map(question -> question.family().label())
                            .toList());
        }
    }

    @Test
    void captionsAreForThePlainTemplate() throws IOException {
        new WorldWriter(SERIES, 2, Turns.CAPTION).write(folder, _ -> {});
        var first = records().get(0).get("conversations");
        assertThat(first).hasSize(2);
        assertThat(first.get(0).get("value").stringValue()).isEqualTo("<image>\n");
        assertThat(first.get(1).get("value").stringValue())
                .isEqualTo(World.draw(Split.TRAINING.seed(2, 0)).caption());
    }

    /// What was stopped halfway has no list of records yet; the same call finishes it and leaves the pictures alone.
    @Test
    void goesOnWhereItWasStopped() throws IOException {
        var writer = new WorldWriter(new Series(Split.SCORING, 2, Set.of(Kind.DOC, Kind.SIGNS)), 8, Turns.QUESTIONS);
        assertThatThrownBy(() -> writer.write(folder, done -> {
                    if (done == 5) {
                        throw new IllegalStateException("stopped");
                    }
                }))
                .hasMessage("stopped");
        assertThat(folder.resolve("world.json")).doesNotExist();
        var first = folder.resolve("images").resolve("scoring-2-%08d.png".formatted(first(writer)));
        var written = Files.getLastModifiedTime(first);
        writer.write(folder, _ -> {});
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
        assertThat(records()).hasSize(8);
        try (var images = Files.list(folder.resolve("images"));
                var files = Files.list(folder)) {
            assertThat(images).hasSize(8);
            assertThat(files).hasSize(3);
        }
    }

    private static long first(WorldWriter writer) {
        return writer.series().seeds().findFirst().orElseThrow() % Split.PICTURES;
    }

    @Test
    void neverMixesTwoSets() {
        new WorldWriter(SERIES, 2, Turns.QUESTIONS).write(folder, _ -> {});
        for (var other : List.of(
                new WorldWriter(SERIES, 3, Turns.QUESTIONS),
                new WorldWriter(SERIES, 2, Turns.BOTH),
                new WorldWriter(Series.of(Split.TRAINING, 3), 2, Turns.QUESTIONS),
                new WorldWriter(new Series(Split.TRAINING, 2, Set.of(Kind.DOC)), 2, Turns.QUESTIONS))) {
            assertThatThrownBy(() -> other.write(folder, _ -> {}))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("settings.json");
        }
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        assertThatThrownBy(() -> new WorldWriter(SERIES, 0, Turns.BOTH))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0 pictures");
        assertThatThrownBy(() -> Series.of(Split.TRAINING, -1)).isInstanceOf(AerieException.class);
        var file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new WorldWriter(SERIES, 1, Turns.BOTH).write(file, _ -> {}))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void sheetsHoldEveryPicture() {
        var drawings = SERIES.drawings().limit(5).toList();
        var sheet = ContactSheet.of(drawings);
        assertThat(sheet.width()).isEqualTo(3 * 266 + 10);
        for (var i = 0; i < 5; i++) {
            var x = 10 + i % 3 * 266;
            var y = 10 + i / 3 * (sheet.height() - 10) / 2;
            for (var at : new int[] {0, 3 * 64, 3 * 127}) {
                var shown = sheet.rgb()[3 * ((y + 128) * sheet.width() + x + 2 * at / 3)];
                assertThat(shown).isEqualTo(drawings.get(i).picture().rgb()[3 * 64 * 128 + at]);
            }
        }
        assertThatThrownBy(() -> ContactSheet.of(List.of())).isInstanceOf(AerieException.class);
    }
}

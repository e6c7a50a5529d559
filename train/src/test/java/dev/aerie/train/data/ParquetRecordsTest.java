package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.text.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files have 12 rows each, the fifth of every five without a picture; row i's picture is 2x1 pixels of red i.
class ParquetRecordsTest {

    private static final Path TURNS = Path.of("src/test/resources/data/turns.parquet");
    private static final Path QUESTIONS = Path.of("src/test/resources/data/questions.parquet");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsConversations() {
        try (var records = ParquetRecords.open(TURNS)) {
            assertThat(records.size()).isEqualTo(12);
            var record = records.get(7);
            assertThat(record.id()).isEqualTo("r7");
            assertThat(record.conversation())
                    .containsExactly(new Message("human", "<image>\nWhat is 7?"), new Message("gpt", "It is 7."));
            assertThat(IntStream.range(0, 12).map(records::length))
                    .containsExactly(7, 7, 7, 7, -6, 7, 7, 7, 7, -6, 7, 7);
        }
    }

    @Test
    void readsQuestionsAndAnswers() {
        try (var records = ParquetRecords.open(QUESTIONS)) {
            assertThat(records.get(11).conversation())
                    .containsExactly(new Message("human", "What is 11?"), new Message("gpt", "It is 11."));
            assertThat(records.get(11).id()).isEqualTo("#11");
            assertThat(records.get(4).image()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"turns", "questions"})
    void readsPictures(String name) {
        try (var records = ParquetRecords.open(TURNS.resolveSibling(name + ".parquet"))) {
            for (var i : new int[] {11, 0, 5, 6}) {
                var image = records.get(i).image().orElseThrow();
                var picture = records.picture(image, ReadOptions.DEFAULT);
                assertThat(picture.rgb()).containsExactly(i, 0, 0, i, 0, 0);
            }
            assertThat(catchThrowableOfType(RecordException.class, () -> records.read("4"))
                            .flaw())
                    .isEqualTo(Flaw.PICTURE_MISSING);
            assertThatThrownBy(() -> records.read("12")).isInstanceOf(RecordException.class);
            assertThatThrownBy(() -> records.read("../x")).isInstanceOf(RecordException.class);
        }
    }

    /// A text names a picture in a folder, and so does a struct without bytes; where there are bytes,
    /// they count.
    @ParameterizedTest
    @ValueSource(strings = {"named", "paths"})
    void picturesMayLieInAFolder(String name) throws IOException {
        var images = Files.createDirectories(folder.resolve("images/sub"));
        for (int i = 0; i < 12; i++) {
            Pictures.writePng(Picture.filled(1, 1, 100 + i, 0, 0), images.resolve(i + ".png"));
        }
        var file = TURNS.resolveSibling(name + ".parquet").toAbsolutePath();
        var manifest = Files.writeString(folder.resolve("mix.yaml"), """
                sources:
                  - { records: '%s', pictures: images, prefix: sub/ }
                """.formatted(file));
        try (var corpus = Corpus.open(Mixture.open(manifest))) {
            for (int i : new int[] {11, 0, 5, 6}) {
                var image = corpus.get(i).image().orElseThrow();
                var red = corpus.pictures(i).picture(image, ReadOptions.DEFAULT).rgb()[0];
                boolean held = name.equals("paths") && i % 2 == 1;
                assertThat(red).isEqualTo((byte) (held ? i : 100 + i));
            }
            assertThat(corpus.get(4).image()).isEmpty();
        }
        try (var alone = ParquetRecords.open(file)) {
            var image = alone.get(6).image().orElseThrow();
            assertThatThrownBy(() -> alone.read(image))
                    .isInstanceOf(RecordException.class)
                    .hasMessageContaining(".png")
                    .hasMessageContaining("data.folder");
        }
    }

    @Test
    void joinsShards() throws IOException {
        Files.copy(TURNS, folder.resolve("a-0.parquet"));
        Files.copy(QUESTIONS, folder.resolve("a-1.parquet"));
        try (var records = ParquetRecords.open(folder.resolve("a-*.parquet"))) {
            assertThat(records.size()).isEqualTo(24);
            var record = records.get(14);
            assertThat(record.conversation().getFirst().value()).isEqualTo("What is 2?");
            assertThat(records.picture(record.image().orElseThrow(), ReadOptions.DEFAULT)
                            .rgb()[0])
                    .isEqualTo((byte) 2);
        }
    }

    @Test
    void refusesWhatIsNoParquet() throws IOException {
        var whole = Files.readAllBytes(TURNS);
        for (var length : new int[] {0, 3, 100, whole.length - 1}) {
            var file = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ParquetRecords.open(file))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("cut.parquet");
        }
        assertThatThrownBy(() -> Records.open(folder.resolve("none.parquet"))).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Records.open(folder.resolve("none-*.parquet"))).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Records.open(folder.resolve("none.txt"))).isInstanceOf(AerieException.class);
    }
}

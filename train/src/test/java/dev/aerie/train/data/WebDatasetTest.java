package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aerie.AerieException;
import dev.aerie.text.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebDatasetTest {

    private static final String TALK = "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"a b\"},"
            + " {\"from\": \"gpt\", \"value\": \"c\"}]}";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void filesOfOneNameAreOneRecord() throws IOException {
        Files.write(
                folder.resolve("s-0.tar"),
                Tar.of(
                        "d/0.JPG",
                        new byte[] {1},
                        "d/0.json",
                        TALK,
                        "d/0.meta.json",
                        "{}",
                        "d/1.json",
                        TALK,
                        "2.png",
                        ""));
        Files.write(
                folder.resolve("s-1.tar"),
                Tar.of("2.txt", " a cat\n", "2.webp", new byte[] {2}, "3.json", "{", "4.txt", new byte[] {-1}));
        try (var records = WebDataset.open(folder.resolve("s-*.tar"))) {
            assertThat(records.size()).isEqualTo(5);
            var first = records.get(0);
            assertThat(first.id()).isEqualTo("x");
            assertThat(records.read(first.image().orElseThrow())).containsExactly(1);
            assertThat(records.length(0)).isEqualTo(3);
            assertThat(records.get(1).image()).isEmpty();
            var caption = records.get(2);
            assertThat(caption.conversation())
                    .containsExactly(new Message("human", "<image>"), new Message("gpt", "a cat"));
            assertThat(records.read(caption.image().orElseThrow())).containsExactly(2);
            for (var index : new int[] {3, 4}) {
                assertThat(catchThrowableOfType(RecordException.class, () -> records.get(index))
                                .flaw())
                        .isEqualTo(Flaw.UNREADABLE);
            }
            for (var name : new String[] {"1", "5", "x", "99999999999"}) {
                assertThat(catchThrowableOfType(RecordException.class, () -> records.read(name))
                                .flaw())
                        .isEqualTo(Flaw.PICTURE_MISSING);
            }
        }
    }

    @Test
    void aMixtureFindsThePicturesInTheShards() throws IOException {
        Files.write(folder.resolve("s.tar"), Tar.of("0.jpg", new byte[] {1}, "0.json", TALK));
        try (var corpus = Corpus.open(Mixture.of(folder.resolve("s.tar"), Optional.empty()))) {
            assertThat(corpus.pictures(0).read("0")).containsExactly(1);
        }
    }

    @Test
    void anArchiveWithoutRecordsIsRefused() throws IOException {
        var file = Files.write(folder.resolve("s.tar"), Tar.of("0.jpg", new byte[] {1}));
        assertThatThrownBy(() -> Records.open(file))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("s.tar");
    }
}

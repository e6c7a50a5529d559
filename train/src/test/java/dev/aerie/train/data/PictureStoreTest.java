package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aerie.AerieException;
import dev.aerie.image.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureStoreTest {

    private static final String LONG_NAME = "long/" + "n".repeat(200) + ".jpg";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsFromAFolder() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.write(folder.resolve("a/b.jpg"), new byte[] {1, 2});
        try (var store = PictureStore.open(folder)) {
            assertThat(store.read("a/b.jpg")).containsExactly(1, 2);
            assertThat(store.read("x/../a/b.jpg")).containsExactly(1, 2);
            assertThat(flaw(store, "a")).isEqualTo(Flaw.PICTURE_MISSING);
            assertThat(flaw(store, "a/c.jpg")).isEqualTo(Flaw.PICTURE_MISSING);
            assertThat(flaw(store, "a\0b")).isEqualTo(Flaw.PICTURE_MISSING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "a/../../secret", "/etc/passwd", ".."})
    void noNameLeadsOutOfTheFolder(String name) throws IOException {
        Files.createDirectories(folder.resolve("inside"));
        Files.write(folder.resolve("secret"), new byte[] {1});
        assertThat(flaw(PictureStore.open(folder.resolve("inside")), name)).isEqualTo(Flaw.PICTURE_OUTSIDE);
    }

    @Test
    void readsAnArchiveAndItsParts() throws IOException {
        var random = new Random(3);
        var one = bytes(random, 1000);
        var two = bytes(random, 5000);
        var tar = Tar.of("./one.jpg", one, LONG_NAME, two, "empty", new byte[0], "same", one, "same", two);
        Files.write(folder.resolve("whole.tar"), tar);
        for (var part = 0; part * 700 < tar.length; part++) {
            var from = part * 700;
            var name = "split.tar.part_a" + (char) ('a' + part);
            Files.write(folder.resolve(name), Arrays.copyOfRange(tar, from, Math.min(from + 700, tar.length)));
        }
        for (var name : new String[] {"whole.tar", "split.tar.part_aa"}) {
            try (var store = PictureStore.open(folder.resolve(name))) {
                assertThat(store.read("one.jpg")).isEqualTo(one);
                assertThat(store.read("./one.jpg")).isEqualTo(one);
                assertThat(store.read(LONG_NAME)).isEqualTo(two);
                assertThat(store.read("empty")).isEmpty();
                assertThat(store.read("same")).isEqualTo(two);
                assertThat(flaw(store, "two.jpg")).isEqualTo(Flaw.PICTURE_MISSING);
                assertThat(flaw(store, "a/")).isEqualTo(Flaw.PICTURE_MISSING);
            }
        }
    }

    @Test
    void readsShards() throws IOException {
        Files.write(folder.resolve("s-0.tar"), Tar.of("0.jpg", new byte[] {0}));
        Files.write(folder.resolve("s-1.tar"), Tar.of("1.jpg", new byte[] {1}));
        try (var store = PictureStore.open(folder.resolve("s-?.tar"))) {
            assertThat(store.read("1.jpg")).containsExactly(1);
            assertThat(store.read("0.jpg")).containsExactly(0);
        }
    }

    @Test
    void refusesADamagedArchive() throws IOException {
        var tar = Tar.of("one.jpg", new byte[5000]);
        for (var length : new int[] {100, 600, 3000}) {
            var file = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(tar, length));
            assertThatThrownBy(() -> PictureStore.open(file))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("cut.tar");
        }
        var noise = Files.write(folder.resolve("noise.tar"), bytes(new Random(1), 5000));
        assertThatThrownBy(() -> PictureStore.open(noise)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> PictureStore.open(folder.resolve("none.tar"))).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> PictureStore.open(folder.resolve("none"))).isInstanceOf(AerieException.class);
    }

    @Test
    void tellsDamagedFromTooLarge() throws IOException {
        Files.writeString(folder.resolve("large.ppm"), "P6 4000 4000 255\n");
        Files.writeString(folder.resolve("cut.ppm"), "P6 4 4 255\nxx");
        var store = PictureStore.open(folder);
        var small = new ReadOptions(1000, 1000, false);
        assertThat(catchThrowableOfType(RecordException.class, () -> store.picture("large.ppm", small))
                        .flaw())
                .isEqualTo(Flaw.PICTURE_TOO_LARGE);
        assertThat(catchThrowableOfType(RecordException.class, () -> store.picture("cut.ppm", small))
                        .flaw())
                .isEqualTo(Flaw.PICTURE_DAMAGED);
    }

    private static Flaw flaw(PictureStore store, String name) {
        return catchThrowableOfType(RecordException.class, () -> store.read(name))
                .flaw();
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}

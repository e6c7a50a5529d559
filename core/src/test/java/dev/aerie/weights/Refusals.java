package dev.aerie.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What each refusal owes to the user: one exception of ours, one line, the file in it.
final class Refusals {

    private Refusals() {}

    /// Writes `content` to a file and expects that opening it is refused with these words.
    static void assertRefused(Path folder, byte[] content, String... words) {
        var file = folder.resolve("refused.bin");
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertRefused(() -> WeightFiles.open(file).close(), file, words);
    }

    static void assertRefused(Runnable opening, Path file, String... words) {
        assertThatThrownBy(opening::run)
                .isInstanceOf(AerieException.class)
                .satisfies(error -> assertProper((AerieException) error, file))
                .satisfies(error -> {
                    for (var word : words) {
                        assertThat(error).hasMessageContaining(word);
                    }
                });
    }

    static void assertProper(AerieException error, Path file) {
        assertThat(error.getMessage())
                .isNotNull()
                .contains(String.valueOf(file.getFileName()))
                .doesNotContainPattern("\\R")
                .hasSizeLessThan(4000);
    }
}

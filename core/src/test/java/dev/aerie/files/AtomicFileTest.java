package dev.aerie.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AtomicFileTest {

    private static final class FullDisk extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatFailsLeavesTheOldFile() throws IOException {
        var file = folder.resolve("file");
        AtomicFile.stream(file, out -> out.write('a'));
        assertThatThrownBy(() -> AtomicFile.stream(file, out -> new FullDisk().write('b')))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("No space left");
        assertThatThrownBy(
                        () -> AtomicFile.stream(file, _ -> JsonMapper.shared().writeValue(new FullDisk(), "b")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("No space left");
        assertThat(file).hasContent("a");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}

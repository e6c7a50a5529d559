package dev.aerie.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Walks every golden file of the kinds `resize` and `decode` under `-Daerie.golden` (default: the copy in the tests),
/// and a table of rarer files that Pillow decoded.
class ImageParityTest {

    private static final Path GOLDEN = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));
    private static final Path FURTHER = Path.of("src/test/resources/pillow");

    @Test
    void resizesAsPillow() throws IOException {
        assertAllPass(new ResizeKind(), GOLDEN);
    }

    @Test
    void decodesAsPillow() throws IOException {
        assertAllPass(new DecodeKind(), GOLDEN);
    }

    @Test
    void decodesRarerFilesAsPillow() throws IOException {
        assertAllPass(new DecodeKind(), FURTHER);
    }

    private static void assertAllPass(Kind kind, Path folder) throws IOException {
        var outcomes = files(kind.name(), folder).stream()
                .flatMap(file -> kind.run(file).stream())
                .toList();
        assertThat(outcomes).isNotEmpty();
        assertThat(outcomes.stream().filter(outcome -> !outcome.passed())).isEmpty();
    }

    private static List<GoldenFile> files(String kind, Path folder) throws IOException {
        var mapper = new JsonMapper();
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".json"))
                    .map(path -> new GoldenFile(path, mapper.readTree(path)))
                    .filter(file -> file.json().path("kind").asString("").equals(kind))
                    .toList();
        }
    }
}

package dev.aerie.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Walks every golden file of the kinds `resize` and `decode` under `-Daerie.golden` (default: the copy in the tests).
class ImageParityTest {

    private static final Path GOLDEN = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));

    @Test
    void resizesAsPillow() throws IOException {
        assertAllPass(new ResizeKind());
    }

    @Test
    void decodesAsPillow() throws IOException {
        assertAllPass(new DecodeKind());
    }

    private static void assertAllPass(Kind kind) throws IOException {
        var outcomes = files(kind.name()).stream()
                .flatMap(file -> kind.run(file).stream())
                .toList();
        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(outcome ->
                        assertThat(outcome.passed()).as(outcome.toString()).isTrue());
    }

    private static List<GoldenFile> files(String kind) throws IOException {
        var mapper = new JsonMapper();
        try (Stream<Path> paths = Files.walk(GOLDEN)) {
            return paths.filter(path -> path.toString().endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .map(path -> new GoldenFile(path, mapper.readTree(path)))
                    .filter(file -> file.json().path("kind").asString("").equals(kind))
                    .toList();
        }
    }
}

package dev.aerie.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/// Runs every golden file of the kinds about text under `-Daerie.golden=DIR`.
class TextGoldenTest {

    private static final Path GOLDEN = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));

    private static final List<Kind> KINDS = List.of(new TokenizerKind(), new PromptsKind(), new MasksKind());

    @TestFactory
    Stream<DynamicTest> golden() throws IOException {
        return tests(GOLDEN);
    }

    /// Flags and added tokens that the golden tokenizers do not use (see `make_tokenizer_folders.py`).
    @TestFactory
    Stream<DynamicTest> otherTokenizers() throws IOException {
        return tests(Path.of("src/test/resources/text/folders"));
    }

    private static Stream<DynamicTest> tests(Path root) throws IOException {
        var tests = new ArrayList<DynamicTest>();
        try (var paths = Files.walk(root)) {
            for (var path : paths.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                if (Files.readString(path).contains("\"kind\"")) {
                    var file = new GoldenFile(path, new JsonMapper().readTree(path.toFile()));
                    KINDS.stream()
                            .filter(kind ->
                                    kind.name().equals(file.json().path("kind").asString("")))
                            .forEach(kind -> tests.add(DynamicTest.dynamicTest(
                                    root.relativize(path).toString(), () -> check(kind, file))));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void check(Kind kind, GoldenFile file) {
        assertThat(kind.run(file))
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome.passed())
                        .as("%s: %s", outcome.name(), outcome.measures())
                        .isTrue());
    }
}

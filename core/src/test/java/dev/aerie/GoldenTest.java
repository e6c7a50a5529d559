package dev.aerie;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Parity;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden case below `-Daerie.golden=DIR`, by default the copies in the test resources; and further cases in the
/// same formats: rarer files that Pillow decoded, and tokenizers with flags and added tokens that the others lack.
class GoldenTest {

    private static final Path GOLDEN = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));

    @TestFactory
    Stream<DynamicTest> cases() {
        return cases(GOLDEN);
    }

    @TestFactory
    Stream<DynamicTest> rarerPictures() {
        return cases(Path.of("src/test/resources/pillow"));
    }

    @TestFactory
    Stream<DynamicTest> otherTokenizers() {
        return cases(Path.of("src/test/resources/text/folders"));
    }

    private static Stream<DynamicTest> cases(Path folder) {
        var files = Parity.find(folder, Set.of());
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(folder.relativize(file.path()).toString(), () -> check(file)));
    }

    private static void check(GoldenFile file) {
        assertThat(Parity.run(file))
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome.measures())
                        .describedAs(outcome.name())
                        .isNotEmpty()
                        .allSatisfy(measure -> assertThat(measure.passed())
                                .describedAs(measure.toString())
                                .isTrue()));
    }
}

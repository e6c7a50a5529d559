package dev.aerie.train.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Parity;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden table of learning rates below `-Daerie.golden=DIR`, by default the copies in the test resources.
class SchedulesGoldenTest {

    private static final Path GOLDEN = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));

    @TestFactory
    Stream<DynamicTest> cases() {
        var files = Parity.find(GOLDEN, Set.of("schedules"));
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(GOLDEN.relativize(file.path()).toString(), () -> check(file)));
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

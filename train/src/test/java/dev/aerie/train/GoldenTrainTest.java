package dev.aerie.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Parity;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The golden cases of training below `-Daerie.golden=DIR`, by default the copies here and in core, whose checkpoints
/// they need.
class GoldenTrainTest {

    private static final Set<String> KINDS = Set.of("train", "sampler", "schedules");

    private static Stream<Path> folders() {
        var given = System.getProperty("aerie.golden");
        return given == null
                ? Stream.of(Path.of("src/test/resources/golden"), Path.of("../core/src/test/resources/golden"))
                : Stream.of(Path.of(given));
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return folders().flatMap(folder -> {
            var files = Parity.find(folder, KINDS);
            assertThat(files).describedAs(folder.toString()).isNotEmpty();
            return files.stream()
                    .map(file -> DynamicTest.dynamicTest(
                            folder.relativize(file.path()).toString(), () -> check(file)));
        });
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

package dev.aerie.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.evaluate.parity.StrictForm;
import dev.aerie.parity.Parity;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The golden tables of scorers below `-Daerie.golden=DIR`, by default the copy here.
class GoldenMetricsTest {

    @TestFactory
    Stream<DynamicTest> tables() {
        var folder = Path.of(System.getProperty("aerie.golden", "src/test/resources/golden"));
        var files = Parity.find(folder, Set.of("metrics"));
        assertThat(files).describedAs(folder.toString()).isNotEmpty();
        return files.stream()
                .flatMap(file -> Parity.run(file).stream())
                .map(outcome -> DynamicTest.dynamicTest(
                        outcome.name(),
                        () -> assertThat(outcome.measures())
                                .isNotEmpty()
                                .allSatisfy(measure -> assertThat(measure.passed())
                                        .describedAs(measure.toString())
                                        .isTrue())));
    }

    /// Where the reference has a known fault, golden answers show it; elsewhere both forms are one.
    @Test
    void theStrictFormChangesWhatTheFaultsTouch() {
        var file = Parity.find(Path.of("src/test/resources/golden"), Set.of("metrics"))
                .getFirst();
        var forms = StrictForm.of(file);
        assertThat(forms.stream().filter(form -> form.changed() > 0))
                .extracting(StrictForm::table)
                .containsExactlyInAnyOrder("vqav2", "pope", "ocrbench", "anls", "mathvista_normalise");
        assertThat(forms).extracting(StrictForm::table).contains("chartqa", "textvqa");
        assertThat(forms)
                .allSatisfy(form -> assertThat(form.reference() == form.strict())
                        .describedAs(form.toString())
                        .isEqualTo(form.changed() == 0));
    }
}

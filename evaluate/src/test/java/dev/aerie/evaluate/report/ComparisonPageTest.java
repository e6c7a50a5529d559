package dev.aerie.evaluate.report;

import static dev.aerie.evaluate.report.StatisticsTest.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.run.EvalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void showsWhatChangedWithThePicturesThatWereKept() throws IOException {
        var gqa = Benchmarks.named("gqa");
        var first = new EvalFolder(folder.resolve("first"));
        Files.createDirectories(first.pictures(gqa));
        Files.writeString(first.pictures(gqa).resolve("1.jpg"), "one");
        Files.writeString(first.pictures(gqa).resolve("0.jpg"), "zero");
        Files.writeString(first.pictures(gqa).resolve("notes.txt"), "none");
        var comparison = Comparison.of(
                gqa,
                List.of(scored(0, "a", 1, 0, ""), scored(1, "b", 0, 0, ""), scored(2, "c", 1, 0, "")),
                List.of(scored(0, "a", 1, 0, ""), scored(1, "b", 1, 0, ""), scored(2, "c", 0, 0, "")),
                Scoring.REFERENCE);
        assertThat(ComparisonPage.html(first, new EvalFolder(folder.resolve("second")), List.of(comparison)))
                .contains("Records that changed: 2.", "data:image/jpeg;base64,b25l\"", ">q2<")
                .containsOnlyOnce("<img");
    }
}

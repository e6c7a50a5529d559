package dev.aerie.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The runners notice what is wrong.
class ImageKindsTest {

    private static final String BLACK_PIXEL_SHA256 = "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c";

    @TempDir
    private Path folder;

    @Test
    void aWrongResizeFails() throws IOException {
        var file = write("""
                {"kind": "resize", "cases": [
                  {"width": 2, "height": 2, "seed": 1, "to_width": 1, "to_height": 1, "filter": "box",
                   "sha256": "00", "first_row": [1, 2, 3], "middle": [1, 2, 3]},
                  {"width": 2, "height": 2, "seed": 1, "to_width": 0, "to_height": 1, "filter": "box", "sha256": "00"}
                ]}""");

        var outcomes = new ResizeKind().run(file);

        assertThat(outcomes).hasSize(2).noneMatch(Outcome::passed);
        assertThat(outcomes.getFirst().measures()).hasSize(3).noneMatch(Measure::passed);
    }

    @Test
    void aPictureThatShouldBeBrokenFails() throws IOException {
        Files.createDirectory(folder.resolve("broken"));
        Files.writeString(folder.resolve("broken/whole.pbm"), "P1 1 1 1");
        Files.writeString(folder.resolve("broken/cut.pbm"), "P1 1 1");
        var file = write("{\"kind\": \"decode\", \"cases\": []}");

        var outcomes = new DecodeKind().run(file);

        assertThat(outcomes).extracting(Outcome::name).containsExactly("broken/cut.pbm", "broken/whole.pbm");
        assertThat(outcomes).extracting(Outcome::passed).containsExactly(true, false);
    }

    @Test
    void differencesAreMeasured() throws IOException {
        Files.writeString(folder.resolve("actual.pgm"), "P2 1 1 255 6");
        Files.writeString(folder.resolve("expected.pbm"), "P1 1 1 1");
        var file = write("""
                {"kind": "decode", "cases": [
                  {"file": "actual.pgm", "width": 1, "height": 1, "sha256": "%s", "rgb": "expected.pbm",
                   "tolerance": {"mean_abs": 5, "max_abs": 7}},
                  {"file": "missing.png", "width": 1, "height": 1, "sha256": "00", "tolerance": 0}
                ]}""".formatted(BLACK_PIXEL_SHA256));

        var outcomes = new DecodeKind().run(file);

        assertThat(outcomes.getFirst().measures())
                .contains(Measure.of("mean", 6, 5), Measure.of("max", 6, 7))
                .filteredOn(measure -> !measure.passed())
                .hasSize(1);
        assertThat(outcomes.getLast().passed()).isFalse();
    }

    private GoldenFile write(String json) throws IOException {
        var path = Files.writeString(folder.resolve("case.json"), json);
        return new GoldenFile(path, new JsonMapper().readTree(path));
    }
}

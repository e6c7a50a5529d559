package dev.aerie.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.JsonLog;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.SampleLog;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.recipe.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAfbLI3wAAAABJRU5ErkJggg==");

    @TempDir
    private Path folder = Path.of("");

    private static void run(RunFolder place, int steps) throws IOException {
        try (var log = new JsonLog(place, 0)) {
            for (int i = 1; i <= steps; i++) {
                log.step(new StepLog(i, steps, 3.0 / i, 2e-5, 1, 1000L * i, 500, 2, steps - i, 3, 14_000_000_000L));
            }
            log.validation(new ValidationLog(steps / 2, 0.5, 0.25, 8, 10));
            log.validation(new ValidationLog(steps, 0.7, 0.5, 8, 10));
        }
        var counts = new LinkedHashMap<String, Long>();
        counts.put("damaged picture", 2L);
        counts.put("empty answer", 1L);
        AtomicFile.write(
                place.data(),
                JsonMapper.shared()
                        .writeValueAsString(new DataCounts(665_000, 624_000, Map.of("coco", 100L), counts, List.of())));
        AtomicFile.write(place.plan(), "{\"needed\": 15000000000, \"disk_bytes\": 2000}");
        AtomicFile.write(place.recipe(), Recipe.named("eagle", List.of()).yaml());
        Files.createDirectories(place.checkpoints().resolve("step-00000010"));
        Files.write(place.checkpoints().resolve("step-00000010").resolve("model.safetensors"), new byte[3000]);
    }

    private static void samples(RunFolder place, SampleLog... samples) {
        try (var lines = JsonLines.resume(place.samples(), SampleLog.class, SampleLog::step, 0)) {
            for (var sample : samples) {
                lines.append(sample);
            }
        }
    }

    @Test
    void saysAllThatARunLeft() throws IOException {
        var place = new RunFolder(folder.resolve("projector"));
        run(place, 20);
        Files.write(place.root().resolve("a.png"), PNG);
        samples(
                place,
                new SampleLog(10, "old", "an older question", "", "", Optional.empty()),
                new SampleLog(20, "a", "what colour?", "red", "red ", Optional.of("a.png")),
                new SampleLog(20, "b", "how many?", "3", "2", Optional.empty()));
        var file = folder.resolve("out/page.html");
        Report.write(place.root(), file);
        var html = Files.readString(file);
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("<title>projector</title>")
                .contains("20 of 20", "best validation loss, step 10", "<dd>0.5</dd>", "50.0 %", "1 min 00 s", "20,000")
                .contains("Loss", "Learning rate", "Gradient norm", "Exact match", "Tokens per second", "Memory, GB")
                .contains("665,000", "from coco", "skipped: damaged picture", "skipped: empty answer")
                .contains("2.00 s", "15.0 GB", "14.0 GB", "3.0 kB")
                .contains("stage: &quot;pre-align&quot;")
                .contains("1 of 2 right", "✓ red", "✗ 2", "<dd>3</dd>")
                .contains("data:image/png;base64," + Base64.getEncoder().encodeToString(PNG))
                .doesNotContain("an older question")
                .doesNotContain("<script");
        assertThat(html.split("<svg ", -1)).hasSize(7);
    }

    @Test
    void nothingIsFetched() throws IOException {
        run(new RunFolder(folder), 3);
        assertThat(Report.html(folder))
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("src=\"/");
    }

    @Test
    void aRecipesRunsShareAPage() throws IOException {
        run(new RunFolder(folder).run("pre-align/clip-448"), 4);
        run(new RunFolder(folder).run("projector"), 5);
        var html = Report.html(folder);
        assertThat(html)
                .contains("<a href=\"#run-pre-align-clip-448\">pre-align/clip-448</a>")
                .contains("<section id=\"run-pre-align-clip-448\">")
                .containsSubsequence("<h2>pre-align/clip-448</h2>", "<h2>projector</h2>");
    }

    @Test
    void runsComeInTheOrderOfTheirRecipe() throws IOException {
        var root = new RunFolder(folder);
        for (var name : List.of("fine-tune", "other", "pre-align/sam-1024", "pre-align/clip-448", "projector")) {
            run(root.run(name), 2);
        }
        AtomicFile.write(root.recipe(), Recipe.named("eagle", List.of()).yaml());
        assertThat(Report.html(folder))
                .containsSubsequence(
                        "<h2>pre-align/clip-448",
                        "<h2>pre-align/sam-1024",
                        "<h2>projector",
                        "<h2>fine-tune",
                        "<h2>other");
    }

    @Test
    void foreignTextStaysText() {
        var place = new RunFolder(folder);
        new JsonLog(place, 0).close();
        samples(
                place,
                new SampleLog(
                        1,
                        "\"><script>",
                        "<script>alert(1)</script>",
                        "t",
                        "<img src=x onerror=y>\u001b",
                        Optional.of("x\0y")));
        assertThat(Report.html(folder))
                .contains("No step was logged")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=y&gt;?")
                .doesNotContain("<script>");
    }

    @Test
    void picturesComeFromTheRunsFolderAlone() throws IOException {
        var place = new RunFolder(Files.createDirectories(folder.resolve("run")));
        new JsonLog(place, 0).close();
        Files.write(folder.resolve("secret.png"), PNG);
        Files.createSymbolicLink(place.root().resolve("link.png"), folder.resolve("secret.png"));
        Files.writeString(place.root().resolve("text.png"), "no picture", StandardCharsets.UTF_8);
        for (var name : List.of(
                "../secret.png", folder.resolve("secret.png").toString(), "link.png", "text.png", "", "none.png")) {
            samples(place, new SampleLog(1, "a", "q", "t", "a", Optional.of(name)));
            assertThat(Report.html(place.root())).doesNotContain("<img");
        }
    }

    @Test
    void refusesWhatIsNoRunAndWhatIsDamaged() throws IOException {
        assertThatThrownBy(() -> Report.html(folder.resolve("none")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("no such folder");
        assertThatThrownBy(() -> Report.html(folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("expected a folder with log.jsonl");
        run(new RunFolder(folder), 3);
        for (var damaged : List.of("{\"records\": ", "null", "{}", "[]", "{\"records\": \"many\"}")) {
            Files.writeString(new RunFolder(folder).data(), damaged);
            assertThatThrownBy(() -> Report.html(folder))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("data.json")
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        }
    }
}

package dev.aerie.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.SampleLog;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a run leaves for its report.
class RunNotesTest {

    @TempDir
    Path temporary;

    private static String validation(int every) {
        return "validation={mixture: %s, folder: %s, every: %d, count: 3}"
                .formatted(Tiny.RECORDS, Tiny.PICTURES, every);
    }

    @Test
    void aReportShowsAllOfARun() {
        var run = Tiny.run(temporary, Tiny.recipe(validation(2)), -1);
        var samples = JsonLines.read(run.samples(), SampleLog.class);
        assertThat(samples).extracting(SampleLog::step).containsExactly(2L, 2L, 2L, 3L, 3L, 3L);
        assertThat(samples).allSatisfy(sample -> {
            assertThat(sample.question()).isNotBlank().doesNotContain("<image>");
            assertThat(sample.truth()).isNotBlank().doesNotContain("</s>");
        });
        var validations = JsonLines.read(run.validation(), ValidationLog.class);
        assertThat(validations).extracting(ValidationLog::seconds).allMatch(seconds -> seconds > 0);
        var html = Report.html(temporary);
        assertThat(html)
                .contains("<h3>Curves", "<h3>Samples", "<h3>Data", "<h3>Costs", "<h3>Settings", "mixture: ")
                .contains("alt=\"picture of sample ")
                .contains(samples.getLast().id());
    }

    @Test
    void tokensAreCountedAcrossAStop() {
        var recipe = Tiny.recipe();
        var whole =
                JsonLines.read(Tiny.run(temporary.resolve("whole"), recipe, -1).log(), StepLog.class);
        assertThatThrownBy(() -> Tiny.run(temporary.resolve("broken"), recipe, 2))
                .hasMessageContaining("on purpose");
        var broken =
                JsonLines.read(Tiny.run(temporary.resolve("broken"), recipe, -1).log(), StepLog.class);
        assertThat(broken)
                .extracting(StepLog::tokens)
                .isEqualTo(whole.stream().map(StepLog::tokens).toList());
        assertThat(whole).extracting(StepLog::tokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void flawedRecordsAreCountedBySourceAndFlaw() throws IOException {
        var mapper = JsonMapper.shared();
        var records = mapper.readTree(Tiny.RECORDS.toFile());
        for (int i = 1; i < records.size(); i++) {
            ((ObjectNode) records.get(i)).put("image", "none-" + i + ".png");
        }
        var file = temporary.resolve("flawed.json");
        Files.writeString(file, mapper.writeValueAsString(records));
        var run = Tiny.run(
                temporary.resolve("run"),
                Tiny.recipe(
                        "data.mixture=" + file,
                        "schedule.steps=" + records.size(),
                        "validation={mixture: %s, folder: %s, every: 100}".formatted(file, Tiny.PICTURES)),
                -1);
        var counts = mapper.readValue(run.data().toFile(), DataCounts.class);
        assertThat(counts.records()).isEqualTo(records.size());
        assertThat(counts.pictures()).isGreaterThanOrEqualTo(records.size() - 1);
        assertThat(counts.sources().values()).containsExactly((long) records.size());
        assertThat(counts.skipped()).isEqualTo(java.util.Map.of("missing picture", records.size() - 1L));
        assertThat(JsonLines.read(run.samples(), SampleLog.class)).hasSize(1);
    }

    @Test
    void thePlanIsThatOfTheModelAtHand() throws IOException {
        var run = Tiny.run(temporary, Tiny.recipe(), -1);
        var plan = JsonMapper.shared().readTree(run.plan().toFile());
        var parts =
                plan.path("parts").valueStream().map(part -> part.path("name").stringValue());
        assertThat(parts).isEqualTo(List.of("clip-448", "convnext-1024", "projector", "language"));
        long weights = plan.path("parts")
                .valueStream()
                .mapToLong(part ->
                        part.path("learned").longValue() + part.path("frozen").longValue())
                .sum();
        assertThat(4 * weights).isBetween(1_000_000L, Files.size(Tiny.CHECKPOINT.resolve("model.safetensors")));
        assertThat(plan.path("disk_bytes").longValue()).isPositive();
    }
}

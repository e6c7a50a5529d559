package dev.aerie.train.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void place() {
        file = folder.resolve("runs/log.jsonl");
    }

    private static StepLog step(long step) {
        return new StepLog(step, 100, 1.0 / step, 2e-5, 0.7, 1000 * step, 512.5, 2, 3, 1, 1L << 33);
    }

    private JsonLines<StepLog> resume(long step) {
        return JsonLines.resume(file, StepLog.class, StepLog::step, step);
    }

    private void write(int from, int to) {
        try (var lines = resume(from - 1)) {
            for (int i = from; i <= to; i++) {
                lines.append(step(i));
            }
        }
    }

    /// Logs were written before kinds of questions were told apart.
    @Test
    void aValidationMayLackKinds() throws IOException {
        var file = folder.resolve("validation.jsonl");
        Files.writeString(file, "{\"step\":1,\"loss\":0.5,\"exactMatch\":0.25,\"count\":8,\"seconds\":2}\n");
        assertThat(JsonLines.read(file, ValidationLog.class)).containsExactly(new ValidationLog(1, 0.5, 0.25, 8, 2));
    }

    @Test
    void whatIsWrittenReadsBack() {
        write(1, 5);
        assertThat(JsonLines.read(file, StepLog.class)).containsExactly(step(1), step(2), step(3), step(4), step(5));
        assertThat(JsonLines.read(folder.resolve("none.jsonl"), StepLog.class)).isEmpty();
    }

    @Test
    void linesAreThereBeforeTheFileIsClosed() {
        try (var lines = resume(0)) {
            lines.append(step(1));
            assertThat(JsonLines.read(file, StepLog.class)).containsExactly(step(1));
        }
    }

    @Test
    void stepsThatAreDoneAgainAreCut() {
        write(1, 9);
        write(4, 5);
        assertThat(JsonLines.read(file, StepLog.class))
                .extracting(StepLog::step)
                .containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aNewRunBeginsANewLog() {
        write(1, 9);
        write(1, 1);
        assertThat(JsonLines.read(file, StepLog.class)).containsExactly(step(1));
    }

    @Test
    void aCutAnywhereLosesAtMostTheLastLine() throws IOException {
        write(1, 8);
        var whole = Files.readAllBytes(file);
        var random = new Random(3);
        for (int i = 0; i < 200; i++) {
            int length = random.nextInt(whole.length + 1);
            Files.write(file, Arrays.copyOf(whole, length));
            int lines = 0;
            for (int k = 0; k < length; k++) {
                lines += whole[k] == '\n' ? 1 : 0;
            }
            write(lines + 1, 8);
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
    }

    @Test
    void aDamagedLineInTheMiddleIsAnErrorAndNothingIsLost() throws IOException {
        write(1, 2);
        Files.writeString(file, "{\"step\": \n", StandardOpenOption.APPEND);
        Files.writeString(file, "null\n", StandardOpenOption.APPEND);
        var before = Files.readAllBytes(file);
        assertThatThrownBy(() -> resume(2))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("line 3 is no StepLog")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void numbersThatAreNoneAndMissingPicturesReadBack() {
        var odd = new StepLog(1, 1, Double.NaN, 0, Double.POSITIVE_INFINITY, 0, 0, 0, 0, 0, 0);
        try (var lines = resume(0)) {
            lines.append(odd);
        }
        assertThat(JsonLines.read(file, StepLog.class)).containsExactly(odd);
        var samples = folder.resolve("samples.jsonl");
        var one = new SampleLog(1, "a", "what?\n", "é\u2028", "\"", Optional.empty());
        var two = new SampleLog(2, "b", "q", "t", "a", Optional.of("b.png"));
        try (var lines = JsonLines.resume(samples, SampleLog.class, SampleLog::step, 0)) {
            lines.append(one);
            lines.append(two);
        }
        assertThat(JsonLines.read(samples, SampleLog.class)).containsExactly(one, two);
    }
}

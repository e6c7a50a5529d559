package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.train.log.JsonLog;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.StepLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void writesThePageAndSaysWhere() throws IOException {
        try (var log = new JsonLog(new RunFolder(folder.resolve("run")), 0)) {
            log.step(new StepLog(1, 2, 2.5, 1e-3, 1, 10, 10, 1, 1, 0, 0));
        }
        var result = Aerie.run("report", folder.resolve("run"));
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo(folder.resolve("run/report.html") + System.lineSeparator());
        assertThat(Files.readString(folder.resolve("run/report.html"))).contains("1 of 2");

        var other = folder.resolve("pages/one.html");
        assertThat(Aerie.run("report", folder.resolve("run"), "-o", other).code())
                .isZero();
        assertThat(other).exists();
    }

    @Test
    void aLinkToARunIsARun() throws IOException {
        var run = folder.resolve("far/run");
        try (var log = new JsonLog(new RunFolder(run.resolve("projector")), 0)) {
            log.step(new StepLog(1, 2, 2.5, 1e-3, 1, 10, 10, 1, 1, 0, 0));
        }
        var link = Files.createSymbolicLink(folder.resolve("link"), run);
        var result = Aerie.run("report", link);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(Files.readString(run.resolve("report.html"))).contains("projector", "1 of 2");
    }

    @Test
    void refusesWhatIsNoRun() {
        var result = Aerie.run("report", folder);
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).startsWith("aerie: cannot report on").hasLineCount(1);
    }
}

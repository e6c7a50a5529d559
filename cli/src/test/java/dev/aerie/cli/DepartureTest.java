package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that computes is told to end.
class DepartureTest {

    @TempDir
    Path temporary;

    @Test
    void leavesASignalledComputationQuietly() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var err = temporary.resolve("err");
        var process = new ProcessBuilder(List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--add-modules=jdk.incubator.vector",
                        "-XX:ErrorFile=" + temporary.resolve("crash"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "--train",
                        Aerie.MODELS.resolve("eagle-x2-tiny").toString(),
                        "--batch",
                        "1",
                        "--runs",
                        "1000000"))
                .redirectError(err.toFile())
                .start();
        try (BufferedReader _ = process.inputReader()) {
            waitForWork(process);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
        assertThat(temporary.resolve("crash")).doesNotExist();
        assertThat(Files.readString(err)).doesNotContain("fatal error");
    }

    /// Steps are under way when more than the start has been computed.
    private static void waitForWork(Process process) throws InterruptedException {
        long enough = 8_000;
        while (process.isAlive()
                && process.info().totalCpuDuration().orElseThrow().toMillis() < enough) {
            Thread.sleep(100);
        }
    }
}

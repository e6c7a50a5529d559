package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ParityCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aWrongByteInAWeightFileFails() throws IOException {
        var model = folder.resolve("eagle-x2-tiny");
        copy(Aerie.MODELS.resolve("eagle-x2-tiny"), model);
        var intact = Aerie.run("parity", folder);
        assertThat(intact.code()).isZero();
        assertThat(intact.out()).endsWith("1 passed, 0 failed" + System.lineSeparator());

        damage(model.resolve("model.safetensors"), "lm_head.weight");
        var damaged = Aerie.run("parity", folder);
        assertThat(damaged.code()).isEqualTo(Main.FAILURE);
        assertThat(damaged.out())
                .contains("FAILED eagle")
                .contains("logits")
                .endsWith("0 passed, 1 failed" + System.lineSeparator());
    }

    @Test
    void nothingFoundIsAFailure() {
        assertThat(Aerie.run("parity", folder).code()).isEqualTo(Main.FAILURE);
    }

    @Test
    void kindsAreChosenAndReportedInJson() {
        var result = Aerie.run("parity", Aerie.MODELS.resolve("../text"), "--kind", "prompts", "--json");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines().toList()).isNotEmpty().allSatisfy(line -> {
            var json = JsonMapper.shared().readTree(line);
            assertThat(json.get("kind").asString()).isEqualTo("prompts");
            assertThat(json.get("passed").booleanValue()).isTrue();
            assertThat(json.get("measures")).isNotEmpty();
        });
    }

    /// The checkpoint and one of its cases.
    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = to.resolve(from.relativize(file));
                if (!file.toString().contains("square")) {
                    Files.createDirectories(target.resolveSibling("x").getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    /// Flips a bit of the exponent of a tensor's first value.
    private static void damage(Path file, String tensor) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long length = Long.reverseBytes(bytes.readLong());
            var header = new byte[Math.toIntExact(length)];
            bytes.readFully(header);
            var json = JsonMapper.shared().readTree(new String(header, StandardCharsets.UTF_8));
            long at = Long.BYTES
                    + length
                    + json.get(tensor).get("data_offsets").get(0).longValue()
                    + 3;
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 0x40);
        }
    }
}

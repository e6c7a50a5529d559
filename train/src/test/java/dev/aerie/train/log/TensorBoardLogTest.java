package dev.aerie.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Decodes the files by the published formats, with a reader of its own.
class TensorBoardLogTest {

    @TempDir
    private Path folder;

    /// A field of a protobuf message.
    private record Field(int number, int wire, long value, byte[] bytes) {
        List<Field> message() {
            return fields(bytes);
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static List<Field> fields(byte[] message) {
        var in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        var fields = new ArrayList<Field>();
        while (in.hasRemaining()) {
            long key = varint(in);
            int wire = (int) (key & 7);
            long value = 0;
            var bytes = new byte[0];
            switch (wire) {
                case 0 -> value = varint(in);
                case 1 -> value = in.getLong();
                case 5 -> value = in.getInt();
                default -> {
                    bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                }
            }
            fields.add(new Field((int) (key >>> 3), wire, value, bytes));
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        long sum = crc.getValue();
        return (int) (((sum >>> 15) | (sum << 17)) + 0xA282EAD8L);
    }

    private static List<List<Field>> events(Path file) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var events = new ArrayList<List<Field>>();
        while (in.hasRemaining()) {
            var header = new byte[8];
            in.get(header);
            assertThat(in.getInt()).isEqualTo(crc(header));
            var data = new byte
                    [(int) ByteBuffer.wrap(header)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertThat(in.getInt()).isEqualTo(crc(data));
            events.add(fields(data));
        }
        return events;
    }

    private static Field only(List<Field> fields, int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void checksumsAreTheFormats() {
        // The example of RFC 3720, B.4: the CRC32C of 32 zero bytes is 8A9136AA.
        assertThat(TensorBoardLog.masked(new byte[32], 0, 32))
                .isEqualTo(Integer.rotateRight(0x8A9136AA, 15) + 0xA282EAD8);
    }

    @Test
    void scalarsOfStepsAndValidations() throws IOException {
        Path file;
        try (var log = new TensorBoardLog(folder, 0)) {
            log.step(new StepLog(300, 400, 2.5, 1e-3, 0.5, 7, 100, 2, 9, 3, 1024));
            log.validation(new ValidationLog(301, 1.5, 0.25, 8, 1));
            file = log.file();
        }
        assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
        var events = events(file);
        assertThat(only(events.get(0), 3).text()).isEqualTo("brain.Event:2");
        assertThat(only(events.get(1), 2).value()).isEqualTo(300);
        assertThat(Double.longBitsToDouble(only(events.get(1), 1).value())).isGreaterThan(1.7e9);
        var values = only(events.get(1), 5).message();
        assertThat(values)
                .extracting(value -> only(value.message(), 1).text())
                .containsExactly(
                        "train/loss",
                        "train/rate",
                        "train/gradient_norm",
                        "speed/tokens_per_second",
                        "speed/seconds_per_step",
                        "data/skipped",
                        "memory/resident_bytes");
        assertThat(values)
                .extracting(value ->
                        Float.intBitsToFloat((int) only(value.message(), 2).value()))
                .containsExactly(2.5f, 1e-3f, 0.5f, 100f, 2f, 3f, 1024f);
        assertThat(only(only(events.get(2), 5).message().get(1).message(), 1).text())
                .isEqualTo("validation/exact_match");
        assertThat(events).hasSize(3);
    }

    @Test
    void samplesAreTensorsOfTheTextPlugin() throws IOException {
        Path file;
        try (var log = new TensorBoardLog(folder, 0)) {
            log.sample(new SampleLog(1, "7", "Wo?", "é", "x".repeat(300), Optional.empty()));
            file = log.file();
        }
        var value = only(only(events(file).get(1), 5).message(), 1).message();
        assertThat(only(value, 1).text()).isEqualTo("samples/7");
        var tensor = only(value, 8).message();
        assertThat(only(tensor, 1).value()).isEqualTo(7);
        assertThat(only(tensor, 8).text())
                .isEqualTo("**question** Wo?\n\n**answer** " + "x".repeat(300) + "\n\n**truth** é");
        var plugin = only(only(value, 9).message(), 1).message();
        assertThat(only(plugin, 1).text()).isEqualTo("text");
    }

    @Test
    void aResumedRunHasItsOwnFileThatForgetsLaterSteps() throws IOException {
        try (var first = new TensorBoardLog(folder, 0);
                var second = new TensorBoardLog(folder, 20)) {
            assertThat(first.file()).isNotEqualTo(second.file());
            var start = events(second.file()).get(1);
            assertThat(only(start, 2).value()).isEqualTo(21);
            assertThat(only(only(start, 7).message(), 1).value()).isEqualTo(1);
        }
    }

    /// A run that was killed before its first snapshot begins anew, and its steps stand in the older
    /// file already.
    @Test
    void aRunThatBeginsAnewForgetsAllOlderSteps() throws IOException {
        try (var first = new TensorBoardLog(folder, 0)) {
            first.step(new StepLog(1, 400, 2.5, 1e-3, 0.5, 7, 100, 2, 9, 3, 1024));
            assertThat(events(first.file()).get(1)).noneMatch(field -> field.number() == 7);
        }
        try (var second = new TensorBoardLog(folder, 0)) {
            var start = events(second.file()).get(1);
            assertThat(only(start, 2).value()).isEqualTo(1);
            assertThat(only(only(start, 7).message(), 1).value()).isEqualTo(1);
        }
    }
}

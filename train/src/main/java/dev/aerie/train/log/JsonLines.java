package dev.aerie.train.log;

import dev.aerie.AerieException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A file of records, one JSON object a line. Every line is handed to the system at once, so that whoever kills the
/// process loses at most a part of the last one.
public final class JsonLines<T> implements AutoCloseable {

    private static final int LONGEST_LINE = 64 << 20;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Path file;
    private final FileChannel channel;

    private JsonLines(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens a file to append to; what stands behind `step` is cut off: the steps that a resumed run does again, and
    /// the half line that a killed one left.
    ///
    /// @param stepOf tells a record's step; records are in the order of their steps
    /// @param step   the last that counts; 0 for a new run
    /// @throws AerieException if a line before that is damaged
    public static <T> JsonLines<T> resume(Path file, Class<T> type, ToLongFunction<T> stepOf, long step) {
        try {
            long end = Files.exists(file)
                    ? scan(file, type, record -> stepOf.applyAsLong(record) <= step, new ArrayList<>())
                    : 0;
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(end);
            channel.position(end);
            return new JsonLines<>(file, channel);
        } catch (IOException e) {
            throw new AerieException("cannot open the log " + file + " to write (" + e + "); check its folder", e);
        }
    }

    /// The records of a file in order, without a half last line; none if there is no file.
    public static <T> List<T> read(Path file, Class<T> type) {
        var records = new ArrayList<T>();
        if (Files.exists(file)) {
            try {
                scan(file, type, record -> true, records);
            } catch (IOException e) {
                throw new AerieException("cannot read the log " + file + " (" + e + ")", e);
            }
        }
        return records;
    }

    /// Collects records as long as they are wanted and returns where the last of them ends.
    private static <T> long scan(Path file, Class<T> type, Predicate<T> wanted, List<T> records) throws IOException {
        long end = 0;
        int number = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (var line = line(file, in, 1); line.whole(); line = line(file, in, number + 1)) {
                number++;
                var record = parse(file, number, line.bytes(), type);
                if (!wanted.test(record)) {
                    return end;
                }
                records.add(record);
                end += line.bytes().length + 1;
            }
        }
        return end;
    }

    /// @param whole whether a line end stands behind it
    @SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
    private record Line(byte[] bytes, boolean whole) {}

    private static Line line(Path file, InputStream in, int number) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return new Line(bytes.toByteArray(), true);
            }
            if (bytes.size() == LONGEST_LINE) {
                throw new AerieException("cannot read the log " + file + ": line " + number + " is longer than "
                        + LONGEST_LINE + " bytes; move the file away to begin a new one");
            }
            bytes.write(next);
        }
        return new Line(bytes.toByteArray(), false);
    }

    private static <T> T parse(Path file, int number, byte[] line, Class<T> type) {
        try {
            return Objects.requireNonNull(MAPPER.readValue(line, type));
        } catch (JacksonException | NullPointerException e) {
            throw new AerieException(
                    "cannot read the log " + file + ": line " + number + " is no " + type.getSimpleName() + " ("
                            + (e instanceof JacksonException j ? j.getOriginalMessage() : "null")
                            + "); remove the line, or move the file away to begin a new one",
                    e);
        }
    }

    public void append(T record) {
        var line = ByteBuffer.wrap((MAPPER.writeValueAsString(record) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Waits until all is on the disk.
    public void sync() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private AerieException unwritable(IOException e) {
        return new AerieException("cannot write the log " + file + " (" + e + "); check the free space of its disk", e);
    }

    @Override
    public void close() {
        try (channel) {
            channel.force(false);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}

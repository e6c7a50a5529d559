package dev.aerie.train.log;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Writes an event file that TensorBoard reads: records of length, payload and checksums (TFRecord), whose payloads
/// are `Event` messages of TensorFlow's protocol buffers.
///
/// Every opening begins a file of its own; where there are older ones, it tells TensorBoard to forget
/// what they say of later steps.
public final class TensorBoardLog implements LogSink {

    /// Fields of the messages, by their numbers in `event.proto`, `summary.proto` and `tensor.proto`.
    private static final class Field {
        static final int EVENT_WALL_TIME = 1;
        static final int EVENT_STEP = 2;
        static final int EVENT_FILE_VERSION = 3;
        static final int EVENT_SUMMARY = 5;
        static final int EVENT_SESSION_LOG = 7;
        static final int SESSION_STATUS = 1;
        static final int SUMMARY_VALUE = 1;
        static final int VALUE_TAG = 1;
        static final int VALUE_SIMPLE = 2;
        static final int VALUE_TENSOR = 8;
        static final int VALUE_METADATA = 9;
        static final int METADATA_PLUGIN = 1;
        static final int PLUGIN_NAME = 1;
        static final int TENSOR_TYPE = 1;
        static final int TENSOR_SHAPE = 2;
        static final int TENSOR_STRINGS = 8;
        static final int SHAPE_DIMENSION = 2;
        static final int DIMENSION_SIZE = 1;
    }

    private static final String NAME = "events.out.tfevents.";
    private static final String VERSION = "brain.Event:2";
    private static final int STATUS_START = 1;
    private static final int TYPE_STRING = 7;
    private static final int MASK = 0xA282EAD8;

    private final Path file;
    private final FileChannel channel;

    /// Begins a file in `folder`.
    ///
    /// @param step the last that counts in older files; 0 for a new run
    public TensorBoardLog(Path folder, long step) {
        boolean again;
        try {
            Files.createDirectories(folder);
            again = hasEvents(folder);
            var name = NAME
                    + "%010d.aerie.%d"
                            .formatted(
                                    System.currentTimeMillis() / 1000,
                                    ProcessHandle.current().pid());
            int attempt = 0;
            Path place = folder.resolve(name + "." + attempt);
            while (Files.exists(place)) {
                place = folder.resolve(name + "." + ++attempt);
            }
            file = place;
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new AerieException("cannot make an event file in " + folder + ": another run writes there", e);
        } catch (IOException e) {
            throw new AerieException("cannot make an event file in " + folder + " (" + e + ")", e);
        }
        write(event(0).text(Field.EVENT_FILE_VERSION, VERSION));
        if (again) { // also before the first snapshot: the steps up to a kill are done again
            write(event(step + 1)
                    .message(Field.EVENT_SESSION_LOG, new ProtoWriter().whole(Field.SESSION_STATUS, STATUS_START)));
        }
    }

    private static boolean hasEvents(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.anyMatch(each -> String.valueOf(each.getFileName()).startsWith(NAME));
        }
    }

    /// The file written to.
    public Path file() {
        return file;
    }

    @Override
    public void step(StepLog step) {
        var summary = new ProtoWriter();
        scalar(summary, "train/loss", step.loss());
        scalar(summary, "train/rate", step.rate());
        scalar(summary, "train/gradient_norm", step.gradientNorm());
        scalar(summary, "speed/tokens_per_second", step.tokensPerSecond());
        scalar(summary, "speed/seconds_per_step", step.seconds());
        scalar(summary, "data/skipped", step.skipped());
        scalar(summary, "memory/resident_bytes", step.memory());
        write(event(step.step()).message(Field.EVENT_SUMMARY, summary));
    }

    @Override
    public void validation(ValidationLog validation) {
        var summary = new ProtoWriter();
        scalar(summary, "validation/loss", validation.loss());
        scalar(summary, "validation/exact_match", validation.exactMatch());
        validation.kinds().forEach((kind, share) -> scalar(summary, "validation/exact_match/" + kind, share));
        write(event(validation.step()).message(Field.EVENT_SUMMARY, summary));
    }

    @Override
    public void sample(SampleLog sample) {
        text(
                sample.step(),
                "samples/" + sample.id(),
                "**question** %s\n\n**answer** %s\n\n**truth** %s"
                        .formatted(sample.question(), sample.answer(), sample.truth()));
    }

    /// A text under a tag; Markdown.
    private void text(long step, String tag, String markdown) {
        var shape = new ProtoWriter().message(Field.SHAPE_DIMENSION, new ProtoWriter().whole(Field.DIMENSION_SIZE, 1));
        var tensor = new ProtoWriter()
                .whole(Field.TENSOR_TYPE, TYPE_STRING)
                .message(Field.TENSOR_SHAPE, shape)
                .text(Field.TENSOR_STRINGS, markdown);
        var plugin = new ProtoWriter().text(Field.PLUGIN_NAME, "text");
        var value = new ProtoWriter()
                .text(Field.VALUE_TAG, tag)
                .message(Field.VALUE_TENSOR, tensor)
                .message(Field.VALUE_METADATA, new ProtoWriter().message(Field.METADATA_PLUGIN, plugin));
        write(event(step).message(Field.EVENT_SUMMARY, new ProtoWriter().message(Field.SUMMARY_VALUE, value)));
    }

    private static void scalar(ProtoWriter summary, String tag, double value) {
        summary.message(
                Field.SUMMARY_VALUE,
                new ProtoWriter().text(Field.VALUE_TAG, tag).number(Field.VALUE_SIMPLE, (float) value));
    }

    private static ProtoWriter event(long step) {
        return new ProtoWriter()
                .number(Field.EVENT_WALL_TIME, System.currentTimeMillis() / 1000.0)
                .whole(Field.EVENT_STEP, step);
    }

    private void write(ProtoWriter event) {
        var data = event.bytes();
        var record = ByteBuffer.allocate(8 + 4 + data.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(masked(record.array(), 0, 8));
        record.put(data);
        record.putInt(masked(data, 0, data.length));
        record.flip();
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            throw new AerieException(
                    "cannot write the event file " + file + " (" + e + "); check the free space of its disk", e);
        }
    }

    /// The checksum as TFRecord stores it: rotated and shifted, so that checksums of data with checksums stay good.
    static int masked(byte[] bytes, int from, int length) {
        var sum = new CRC32C();
        sum.update(bytes, from, length);
        return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AerieException("cannot close the event file " + file + " (" + e + ")", e);
        }
    }
}

package dev.aerie.weights;

import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON in and beside safetensors files: headers and indexes.
final class SafetensorsText {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int ALIGNMENT = 8;

    private SafetensorsText() {}

    /// A file's beginning: the header's length and the header, filled with spaces so that the data after it is
    /// aligned.
    static byte[] header(List<TensorSource> tensors, Map<String, String> metadata) {
        var described = new TreeMap<>(metadata);
        described.putIfAbsent("format", "pt");
        var json = utf8(out -> {
            strings(out, SafetensorsHeader.METADATA, described);
            var offset = 0L;
            for (var tensor : tensors) {
                out.writeName(tensor.name());
                out.writeStartObject();
                out.writeStringProperty("dtype", tensor.dtype().name());
                numbers(out, "shape", tensor.shape());
                numbers(out, "data_offsets", offset, offset + tensor.bytes());
                out.writeEndObject();
                offset += tensor.bytes();
            }
        });
        var length = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        var bytes = new byte[Long.BYTES + length];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
        return bytes;
    }

    /// The index of a sharded checkpoint; `places` maps tensor names to file names.
    static byte[] index(List<TensorSource> tensors, Map<String, String> places) {
        return utf8(out -> {
            out.writeName("metadata");
            out.writeStartObject();
            out.writeNumberProperty(
                    "total_size",
                    tensors.stream().mapToLong(TensorSource::bytes).sum());
            out.writeEndObject();
            strings(out, "weight_map", places);
        });
    }

    private static byte[] utf8(Consumer<JsonGenerator> fields) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            fields.accept(out);
            out.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void strings(JsonGenerator out, String name, Map<String, String> values) {
        out.writeName(name);
        out.writeStartObject();
        values.forEach(out::writeStringProperty);
        out.writeEndObject();
    }

    private static void numbers(JsonGenerator out, String name, long... values) {
        out.writeName(name);
        out.writeArray(values, 0, values.length);
    }
}

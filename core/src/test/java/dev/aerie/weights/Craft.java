package dev.aerie.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes weight files by hand, broken ones above all.
final class Craft {

    private Craft() {}

    /// A safetensors file with this header, taken as it is, and so many bytes of data.
    static byte[] safetensors(String header, int data) {
        var json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    /// A PyTorch archive with this pickle, and storages by their keys.
    static byte[] torchZip(byte[] pickle, Map<String, byte[]> storages) {
        return zip(out -> {
            stored(out, "archive/data.pkl", pickle);
            for (var storage : storages.entrySet()) {
                stored(out, "archive/data/" + storage.getKey(), storage.getValue());
            }
        });
    }

    static byte[] torchZip(byte[] pickle) {
        return torchZip(pickle, Map.of());
    }

    /// Writes entries.
    interface Entries {
        void writeTo(ZipOutputStream out) throws IOException;
    }

    static byte[] zip(Entries entries) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            entries.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void stored(ZipOutputStream out, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    static void deflated(ZipOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }

    /// A pickle of parts: numbers are bytes, text is Latin-1, byte arrays are themselves.
    static byte[] pickle(Object... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            switch (part) {
                case Integer opcode -> out.write(opcode);
                case byte[] bytes -> out.writeBytes(bytes);
                default -> out.writeBytes(String.valueOf(part).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return out.toByteArray();
    }

    /// The text as `SHORT_BINUNICODE`.
    static byte[] text(String text) {
        return pickle(Opcode.SHORT_BINUNICODE, text.length(), text);
    }

    /// A number as `BININT`.
    static byte[] number(int value) {
        return pickle(Opcode.BININT, little(value, 4));
    }

    static byte[] little(long value, int bytes) {
        var little = new byte[bytes];
        for (var i = 0; i < bytes; i++) {
            little[i] = (byte) (value >> (8 * i));
        }
        return little;
    }

    /// The persistent id of a storage of float32.
    static byte[] storage(String key, int elements) {
        return pickle("(", text("storage"), "ctorch\nFloatStorage\n", text(key), text("cpu"), number(elements), "tQ");
    }

    /// A dictionary with one tensor `w` over the storage `0` of float32; sizes and strides are opcodes that make
    /// tuples.
    static byte[] tensor(int storageElements, byte[] offset, byte[] shape, byte[] strides) {
        return pickle(
                Opcode.PROTO,
                2,
                "}",
                text("w"),
                "ctorch._utils\n_rebuild_tensor_v2\n(",
                storage("0", storageElements),
                offset,
                shape,
                strides,
                Opcode.NEWFALSE,
                "}tRs.");
    }

    /// A tuple of numbers.
    static byte[] tuple(int... values) {
        var out = new ByteArrayOutputStream();
        out.write('(');
        for (var value : values) {
            out.writeBytes(number(value));
        }
        out.write('t');
        return out.toByteArray();
    }

    /// A stream file of PyTorch before 1.6 with this main pickle and what follows it.
    static byte[] torchStream(byte[] pickle, byte[] keysAndStorages) {
        return pickle(streamHead(), pickle, keysAndStorages);
    }

    /// Magic number, version and system.
    static byte[] streamHead() {
        return pickle(
                Opcode.PROTO,
                2,
                Opcode.LONG1,
                10,
                new byte[] {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19},
                ".",
                Opcode.PROTO,
                2,
                "M",
                0xe9,
                3,
                ".",
                Opcode.PROTO,
                2,
                "}",
                text("little_endian"),
                Opcode.NEWTRUE,
                "s.");
    }
}

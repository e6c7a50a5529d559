package dev.aerie.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Picture files made byte by byte.
final class TestFiles {

    private TestFiles() {}

    static Picture read(byte[] bytes, boolean oriented) {
        return Pictures.read(bytes, "test", ReadOptions.DEFAULT.withOrientation(oriented));
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(byte[]... parts) {
        var length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var joined = ByteBuffer.allocate(length);
        for (var part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    /// The WebP file with a chunk more at its end.
    static byte[] appendToWebP(Path file, String chunk) throws IOException {
        var bytes = joined(Files.readAllBytes(file), latin1(chunk));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, bytes.length - 8);
        return bytes;
    }

    /// A PNG chunk with its checksum.
    static byte[] chunk(String kind, byte[] data) {
        var chunk = ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(latin1(kind))
                .put(data);
        var checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + data.length);
        return chunk.putInt((int) checksum.getValue()).array();
    }

    /// A PNG file with this header and these chunks between the header and the end.
    static byte[] png(int width, int height, int depth, int colour, int interlace, byte[]... chunks) {
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) depth).put((byte) colour).put((byte) 0).put((byte) 0).put((byte) interlace);
        return joined(
                latin1("\u0089PNG\r\n\u001a\n"),
                chunk("IHDR", header.array()),
                joined(chunks),
                chunk("IEND", new byte[0]));
    }

    static byte[] deflated(byte[] data) {
        var deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        var packed = new byte[data.length + 64];
        var length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }
}

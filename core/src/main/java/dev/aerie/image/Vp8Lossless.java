package dev.aerie.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The lossless half of WebP, decoded by TwelveMonkeys from a file that holds nothing else.
final class Vp8Lossless {

    private static final int SIGNATURE = 0x2F;

    private Vp8Lossless() {}

    static Picture read(Source source, long from, long end) {
        if (end - from < 5 || source.u8(from) != SIGNATURE) {
            throw source.damaged("its WebP frame does not begin like a lossless one");
        }
        var sizes = source.u32le(from + 1);
        var width = (int) (sizes & 0x3FFF) + 1;
        var height = (int) (sizes >> 14 & 0x3FFF) + 1;
        source.checkSize(width, height);
        return Codec.use(new WebPImageReaderSpi(), alone(source, from, end), source, "WebP", reader -> {
            var raster = reader.read(0).getRaster();
            return Rasters.picture(raster, 0, 1, 2);
        });
    }

    private static byte[] alone(Source source, long from, long end) {
        var size = (int) (end - from);
        var padded = size + size % 2;
        return ByteBuffer.allocate(20 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(12 + padded)
                .put("WEBPVP8L".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(size)
                .put(source.bytes(), (int) from, size)
                .array();
    }
}

package dev.aerie.image;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/// Baseline and progressive JPEG. The samples come from the JDK's decoder, which gets a file without profiles,
/// thumbnails and comments and converts nothing; colours are converted by {@link JpegColours}, as libjpeg does.
final class Jpeg {

    private static final int SOF0 = 0xC0;
    private static final int SOF2 = 0xC2;
    private static final int DHT = 0xC4;
    private static final int DAC = 0xCC;
    private static final int SOF15 = 0xCF;
    private static final int RST0 = 0xD0;
    private static final int RST7 = 0xD7;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;

    /// The shortest code of a block of 64 pixels is one bit.
    private static final int PIXELS_PER_BYTE = 1024;

    /// Real files have about ten; each one costs a walk over the whole picture.
    private static final int MOST_SCANS = 500;

    private final Source source;
    private final ByteArrayOutputStream essence = new ByteArrayOutputStream();
    private long at = 2;
    private long frame = -1;
    private int scans;
    private boolean jfif;
    private int adobe = JpegColours.NO_ADOBE;
    private Orientation orientation = Orientation.NORMAL;

    private Jpeg(Source source) {
        this.source = source;
        essence.write(0xFF);
        essence.write(SOI);
        while (segment()) {}
        if (frame < 0 || scans == 0) {
            throw source.damaged("it is a JPEG without a picture");
        }
        essence.write(0xFF);
        essence.write(EOI);
    }

    static Decoded read(Source source) {
        var jpeg = new Jpeg(source);
        var components = source.u8(jpeg.frame + 5);
        var colours = JpegColours.of(source, jpeg.frame, jpeg.jfif, jpeg.adobe);
        return Codec.use(decoder(), jpeg.essence.toByteArray(), source, "JPEG", reader -> {
            Raster raster = reader.readRaster(0, null);
            if (raster.getNumBands() != components) {
                throw source.damaged("its JPEG frame has " + components + " components, but " + raster.getNumBands()
                        + " were decoded");
            }
            return new Decoded(colours.picture(raster), jpeg.orientation);
        });
    }

    /// Reads one marker with what belongs to it; false at the end of the picture.
    private boolean segment() {
        if (source.u8(at) != 0xFF) {
            throw source.damaged("a JPEG marker was expected at byte " + at);
        }
        while (source.u8(at) == 0xFF) {
            at++;
        }
        var marker = source.u8(at++);
        if (marker == EOI) {
            return false;
        }
        if (marker < SOF0 || (marker >= RST0 && marker <= SOI)) {
            throw source.damaged("its JPEG marker at byte " + (at - 1) + " is out of place");
        }
        var length = source.u16be(at);
        source.require(at, Math.max(2, length));
        if (length < 2) {
            throw source.damaged("its JPEG segment at byte " + at + " has a length of " + length);
        }
        if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != DAC && marker != 0xC8) {
            frame(marker);
        } else if (marker == APP0) {
            jfif |= length >= 16 && source.has(at + 2, "JFIF\0");
        } else if (marker == APP1 && source.has(at + 2, "Exif\0\0")) {
            orientation = Exif.orientation(source, at + 2);
        } else if (marker == APP14 && length >= 14 && source.has(at + 2, "Adobe")) {
            adobe = source.u8(at + 13);
        }
        if (marker == SOS) {
            scan(length);
        } else {
            if ((marker < APP0 || marker > APP15) && marker != COM) {
                keep(marker, at + length);
            }
            at += length;
        }
        return true;
    }

    private void frame(int marker) {
        if (frame >= 0) {
            throw source.damaged("it has two JPEG frames");
        }
        if (marker > SOF2 || source.u8(at + 2) != 8) {
            throw source.unsupported("it is a JPEG of a rare kind (lossless, arithmetic or " + source.u8(at + 2)
                    + "-bit, frame type " + (marker - SOF0) + ")");
        }
        var height = source.u16be(at + 3);
        var width = source.u16be(at + 5);
        source.checkSize(width, height);
        source.checkPromise((long) width * height, source.length(), PIXELS_PER_BYTE);
        frame = at + 2;
    }

    /// Keeps a scan with its coded data, which lasts to the first marker that is no restart.
    private void scan(int length) {
        scans++;
        if (frame < 0 || scans > MOST_SCANS) {
            throw source.damaged(frame < 0 ? "its JPEG scan comes before its frame" : "it has too many JPEG scans");
        }
        var end = at + length;
        while (source.u8(end) != 0xFF || isData(source.u8(end + 1))) {
            end++;
        }
        keep(SOS, end);
        at = end;
    }

    private static boolean isData(int second) {
        return second == 0 || second == 0xFF || (second >= RST0 && second <= RST7);
    }

    private void keep(int marker, long end) {
        essence.write(0xFF);
        essence.write(marker);
        essence.write(source.bytes(), (int) at, (int) (end - at));
    }

    private static ImageReaderSpi decoder() {
        var codecs = IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(codecs, Spliterator.ORDERED), false)
                .filter(codec -> codec.getClass().getName().equals("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this Java has no JPEG decoder"));
    }
}

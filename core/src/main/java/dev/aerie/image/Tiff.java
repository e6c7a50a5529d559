package dev.aerie.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;

/// The first page of a TIFF file. The TwelveMonkeys codec unpacks the samples; what they mean is read from the
/// directory here, as Pillow does. Unlike the other formats, TIFF is always turned upright: Pillow does so too.
final class Tiff {

    private static final int UNPACKED = 1;
    private static final int LZW = 5;
    private static final int PACK_BITS = 32773;

    private final Source source;
    private final TiffDirectory directory;
    private final int width;
    private final int height;

    private Tiff(Source source) {
        this.source = source;
        directory = new TiffDirectory(source);
        source.checkSize(directory.number(TiffDirectory.WIDTH, 0), directory.number(TiffDirectory.HEIGHT, 0));
        width = (int) directory.number(TiffDirectory.WIDTH, 0);
        height = (int) directory.number(TiffDirectory.HEIGHT, 0);
        checkData();
    }

    static Decoded read(Source source) {
        var tiff = new Tiff(source);
        var colours = new TiffColours(source, tiff.directory);
        var picture = Codec.use(new TIFFImageReaderSpi(), source.bytes(), source, "TIFF", reader -> {
            var raster = reader.readRaster(0, null);
            if (raster.getWidth() != tiff.width || raster.getHeight() != tiff.height) {
                throw source.damaged("its TIFF data has another size than its directory says");
            }
            return colours.picture(raster);
        });
        var orientation = Orientation.ofExif((int) tiff.directory.number(TiffDirectory.ORIENTATION, 1));
        return new Decoded(orientation.apply(picture));
    }

    /// Every strip or tile must lie inside the file and hold, or be able to hold, its share of the pixels.
    private void checkData() {
        var tiled = directory.has(TiffDirectory.TILE_OFFSETS);
        var pieceWidth = tiled ? directory.number(TiffDirectory.TILE_WIDTH, 0) : width;
        var pieceHeight = tiled
                ? directory.number(TiffDirectory.TILE_HEIGHT, 0)
                : Math.min(height, directory.number(TiffDirectory.ROWS_PER_STRIP, height));
        if (pieceWidth < 1 || pieceHeight < 1) {
            throw source.damaged("its TIFF tiles have no size");
        }
        var offsets = directory.numbers(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
        var lengths = directory.numbers(tiled ? TiffDirectory.TILE_LENGTHS : TiffDirectory.STRIP_LENGTHS);
        var samples = directory.number(TiffDirectory.SAMPLES, 1);
        var planes = directory.number(TiffDirectory.PLANAR, 1) == 2 ? samples : 1;
        var pieces = Math.ceilDiv(width, pieceWidth) * Math.ceilDiv(height, pieceHeight) * planes;
        if (samples < 1 || samples > 16 || offsets.length < pieces || lengths.length < pieces) {
            throw source.damaged("its TIFF directory lists " + offsets.length + " pieces of data, expected " + pieces);
        }
        var pieceBytes =
                (pieceWidth * directory.number(TiffDirectory.BITS, 1) * samples / planes + 7) / 8 * pieceHeight;
        source.checkSize(pieceWidth, pieceHeight);
        for (var i = 0; i < pieces; i++) {
            source.require(offsets[i], lengths[i]);
        }
        var packed = 0L;
        for (var i = 0; i < pieces; i++) {
            packed += lengths[i];
        }
        source.checkPromise(pieceBytes * (tiled ? pieces : 1), packed, ratio());
    }

    /// How many bytes one packed byte can stand for at most.
    private int ratio() {
        return switch ((int) directory.number(TiffDirectory.COMPRESSION, UNPACKED)) {
            case UNPACKED -> 1;
            case PACK_BITS -> 64;
            case LZW -> 4096;
            default -> 1 << 16;
        };
    }
}

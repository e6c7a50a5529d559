package dev.aerie.image;

import dev.aerie.AerieException;

/// The file formats that can be read, told by their first bytes.
enum Format {
    PNG,
    JPEG,
    GIF,
    WEBP,
    BMP,
    TIFF,
    PNM;

    static Format of(Source source) {
        if (source.has(0, "\u0089PNG\r\n\u001a\n")) {
            return PNG;
        } else if (source.has(0, "\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (source.has(0, "GIF87a") || source.has(0, "GIF89a")) {
            return GIF;
        } else if (source.has(0, "RIFF") && source.has(8, "WEBP")) {
            return WEBP;
        } else if (source.has(0, "BM")) {
            return BMP;
        } else if (source.has(0, "II*\0")
                || source.has(0, "MM\0*")
                || source.has(0, "II+\0")
                || source.has(0, "MM\0+")) {
            return TIFF;
        } else if (source.has(0, "P") && source.length() > 2 && source.u8(1) >= '1' && source.u8(1) <= '6') {
            return PNM;
        }
        throw source.unsupported(
                source.length() == 0 ? "the file is empty" : "it is no PNG, JPEG, GIF, WebP, BMP, TIFF or PNM file");
    }

    /// Decodes the file. Decoders check what they read; should one still stumble, that is an error of the file.
    Decoded read(Source source) {
        try {
            return switch (this) {
                case PNG -> Png.read(source);
                case JPEG -> Jpeg.read(source);
                case GIF -> Gif.read(source);
                case WEBP -> WebP.read(source);
                case BMP -> Bmp.read(source);
                case TIFF -> Tiff.read(source);
                case PNM -> Pnm.read(source);
            };
        } catch (AerieException e) {
            throw e;
        } catch (RuntimeException e) {
            throw source.damaged(
                    "its " + this + " data cannot be decoded (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}

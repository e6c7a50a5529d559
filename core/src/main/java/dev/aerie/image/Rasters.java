package dev.aerie.image;

import java.awt.image.Raster;

/// Reads rasters without the colour conversions of `BufferedImage`.
final class Rasters {

    private Rasters() {}

    /// A picture of three of the raster's bands, which hold bytes.
    static Picture picture(Raster raster, int red, int green, int blue) {
        var width = raster.getWidth();
        var height = raster.getHeight();
        var rgb = Picture.allocate(width, height);
        var bands = raster.getNumBands();
        var row = new int[width * bands];
        var target = 0;
        for (var y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (var x = 0; x < row.length; x += bands) {
                rgb[target] = (byte) row[x + red];
                rgb[target + 1] = (byte) row[x + green];
                rgb[target + 2] = (byte) row[x + blue];
                target += 3;
            }
        }
        return new Picture(width, height, rgb);
    }
}

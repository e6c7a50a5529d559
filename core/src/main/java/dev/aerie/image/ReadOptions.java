package dev.aerie.image;

import dev.aerie.AerieException;

/// Limits and choices for reading a picture.
///
/// @param maxPixels a picture that claims more is refused before its pixels are allocated
/// @param maxBytes a larger file is refused before it is read
/// @param applyOrientation whether the EXIF orientation of a camera is applied. The reference does not apply it
///     (except for TIFF, where Pillow always does), so features agree with it only without
public record ReadOptions(long maxPixels, long maxBytes, boolean applyOrientation) {

    /// Pillow's limit of 178 956 970 pixels, files of up to 1 GiB, orientation as the reference.
    public static final ReadOptions DEFAULT = new ReadOptions(178_956_970, 1L << 30, false);

    public ReadOptions {
        if (maxPixels < 1 || maxBytes < 1) {
            throw new AerieException("cannot read pictures with limits of " + maxPixels + " pixels and " + maxBytes
                    + " bytes: both must be at least 1");
        }
    }

    /// These options with the orientation applied or not.
    public ReadOptions withOrientation(boolean apply) {
        return new ReadOptions(maxPixels, maxBytes, apply);
    }
}

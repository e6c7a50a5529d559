package dev.aerie.image;

import dev.aerie.AerieException;

/// From a picture to the input of the vision encoders, as Hugging Face's `CLIPImageProcessor` and Eagle's
/// `process_images` compute it.
///
/// @param size side of the square result, in pixels
/// @param aspect what becomes of a picture that is not square
/// @param filter how it is resized
/// @param mean subtracted after scaling bytes to 0 … 1; also the colour of the padding
/// @param std what the difference is divided by
public record ImageProcessor(int size, Aspect aspect, Filter filter, Rgb mean, Rgb std) {

    /// Mean of the pictures CLIP was trained on.
    public static final Rgb CLIP_MEAN = new Rgb(0.48145466, 0.4578275, 0.40821073);

    /// Their standard deviation.
    public static final Rgb CLIP_STD = new Rgb(0.26862954, 0.26130258, 0.27577711);

    /// Mean and standard deviation of SigLIP.
    public static final Rgb SIGLIP = Rgb.grey(0.5);

    public ImageProcessor {
        if (size < 1 || size > 16384) {
            throw new AerieException("cannot prepare pictures of size " + size + ": expected 1 to 16384 pixels");
        }
    }

    /// Eagle's processor: bicubic, CLIP's mean and standard deviation.
    public static ImageProcessor clip(int size, Aspect aspect) {
        return new ImageProcessor(size, aspect, Filter.BICUBIC, CLIP_MEAN, CLIP_STD);
    }

    /// The picture as `[size, size, 3]` bytes, before scaling and normalising.
    public Picture prepare(Picture picture) {
        return switch (aspect) {
            case PAD ->
                resized(Canvas.padToSquare(picture, byteOf(mean.red()), byteOf(mean.green()), byteOf(mean.blue())));
            case SQUARE -> middle(picture);
            case RESIZE -> resized(picture);
        };
    }

    /// The prepared picture as `[3, height, width]` numbers: each byte / 255, minus the mean, divided by the standard
    /// deviation, all rounded to float32 where the reference does.
    public float[] normalise(Picture prepared) {
        var pixels = prepared.width() * prepared.height();
        var numbers = new float[3 * pixels];
        for (var channel = 0; channel < 3; channel++) {
            var table = table(channel);
            var target = channel * pixels;
            for (var i = channel; i < prepared.rgb().length; i += 3) {
                numbers[target++] = table[prepared.rgb()[i] & 0xFF];
            }
        }
        return numbers;
    }

    private Picture resized(Picture picture) {
        return Resize.resize(picture, size, size, filter);
    }

    /// Only the part that the centre crop keeps is computed: the whole of a very long picture would not fit in memory.
    private Picture middle(Picture picture) {
        var shorter = Math.min(picture.width(), picture.height());
        var width = scaled(picture.width(), shorter, picture);
        var height = scaled(picture.height(), shorter, picture);
        var window = new Box((width - size) / 2, (height - size) / 2, size, size);
        return Resize.resize(picture, width, height, filter, window);
    }

    private int scaled(int side, int shorter, Picture picture) {
        var scaled = (double) ((long) size * side) / shorter;
        if (scaled > Integer.MAX_VALUE) {
            throw new AerieException("cannot prepare a picture of " + picture.width() + "x" + picture.height()
                    + " pixels at size " + size + ": it is too long for its width; crop it first");
        }
        return (int) scaled;
    }

    private float[] table(int channel) {
        var mean = (float) this.mean.channel(channel);
        var std = (float) this.std.channel(channel);
        var table = new float[256];
        for (var value = 0; value < 256; value++) {
            table[value] = ((float) (value * (1 / 255.0)) - mean) / std;
        }
        return table;
    }

    private static int byteOf(double share) {
        return (int) (share * 255);
    }
}

package dev.aerie.vision;

import dev.aerie.tensor.DType;
import dev.aerie.tensor.Interpolation;
import dev.aerie.tensor.Tensor;

/// Pix2Struct's view of a picture: standardised, resized so that at most 2048 patches keep its aspect ratio, and cut
/// into patches of 16 × 16 pixels. Rows and columns are numbered from 1.
public record PatchSequence(int rows, int columns) {

    public static final int PATCH = 16;
    public static final int VALUES = PATCH * PATCH * 3;
    public static final int MOST_PATCHES = 2048;

    private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    /// The published grid, of at most [#MOST_PATCHES], for a picture of this size.
    public static PatchSequence of(long height, long width) {
        return of(height, width, MOST_PATCHES);
    }

    /// The grid of at most n patches for a picture of this size: `scale = √(n · (16/h) · (16/w))`, sides `⌊scale · h /
    /// 16⌋` and so on.
    public static PatchSequence of(long height, long width, int most) {
        double scale = Math.sqrt(most * ((double) PATCH / height) * ((double) PATCH / width));
        return new PatchSequence(side(scale, height, most), side(scale, width, most));
    }

    private static int side(double scale, long extent, int most) {
        return (int) Math.max(Math.min(Math.floor(scale * extent / PATCH), most), 1);
    }

    /// `[B, 3, H, W]`, normalised with CLIP's mean and deviation, to `[B, rows·columns, 768]` in float32. The values of
    /// a patch are ordered by row, column, channel. De-normalising rounds to the pixels' type, as in the reference.
    public Tensor cut(Tensor pixels) {
        var bytes = plain(pixels).times(255).to(DType.F32); // [B, 3, H, W]
        var resized = Interpolation.BILINEAR_ANTIALIAS.resize(
                standardise(bytes), (long) rows * PATCH, (long) columns * PATCH);
        return resized.reshape(pixels.size(0), 3, rows, PATCH, columns, PATCH)
                .permute(0, 2, 4, 3, 5, 1) // [B, rows, columns, 16, 16, 3]
                .reshape(pixels.size(0), (long) rows * columns, VALUES);
    }

    /// Pixels normalised with CLIP's mean and deviation as they were, from 0 to 1.
    static Tensor plain(Tensor pixels) {
        var mean = Tensor.of(MEAN, 3, 1, 1).to(pixels.dtype());
        var deviation = Tensor.of(DEVIATION, 3, 1, 1).to(pixels.dtype());
        return pixels.times(deviation).plus(mean);
    }

    /// Mean 0 and deviation 1 over all values of a picture; the deviation is at least `1/√n`.
    private static Tensor standardise(Tensor pictures) {
        var flat = pictures.flatten(1); // [B, n]
        long n = flat.size(1);
        var mean = flat.mean(1).reshape(-1, 1, 1, 1);
        var deviation = flat.deviation(1, false).atLeast(1 / Math.sqrt(n)).reshape(-1, 1, 1, 1);
        return pictures.minus(mean).divide(deviation);
    }

    /// `[rows·columns]`
    public Tensor rowNumbers() {
        return Tensor.range(rows)
                .plus(1)
                .unsqueeze(1)
                .expand(rows, columns)
                .flatten(0)
                .to(DType.I64);
    }

    /// `[rows·columns]`
    public Tensor columnNumbers() {
        return Tensor.range(columns)
                .plus(1)
                .unsqueeze(0)
                .expand(rows, columns)
                .flatten(0)
                .to(DType.I64);
    }
}

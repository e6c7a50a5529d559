package dev.aerie.image;

/// One side of a centre crop: `count` pixels of the picture, from `from` on, land at `to` in the crop.
record Span(int from, int count, int to) {

    /// Follows Hugging Face's `center_crop`: the crop starts at ⌊(length − crop) / 2⌋; a picture that is shorter than
    /// the crop is first padded with ⌈(crop − length) / 2⌉ at its start, which gives the same place.
    static Span centred(int length, int crop) {
        var start = Math.floorDiv(length - crop, 2);
        return start >= 0 ? new Span(start, crop, 0) : new Span(0, length, -start);
    }
}

package dev.aerie.evaluate.run;

import dev.aerie.AerieException;

/// What a run keeps beside its answers, none of which depends on it.
///
/// @param features pictures whose features are kept between batches
/// @param samples  records of each benchmark whose pictures are kept for the report
public record Keeping(int features, int samples) {

    public Keeping {
        if (features < 0 || samples < 0) {
            throw new AerieException("cannot keep the features of " + features + " pictures and the pictures of "
                    + samples + " samples: expected 0 or more of both");
        }
    }
}

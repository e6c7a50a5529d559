package dev.aerie.language;

/// What was generated for one sequence.
///
/// @param ids      the new tokens, the end token included where one came
/// @param logprobs natural logarithm of each token's probability by the unfiltered scores
public record Generation(int[] ids, float[] logprobs, End end) {

    /// Why it ended.
    public enum End {
        /// The most tokens asked for, or no more context.
        LENGTH,
        /// The model produced an end token.
        END_TOKEN,
        /// The listener asked for it: a stop string, or the user.
        STOPPED
    }
}

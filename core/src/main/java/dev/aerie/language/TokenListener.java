package dev.aerie.language;

/// Hears every new token as soon as it is chosen.
@FunctionalInterface
public interface TokenListener {

    TokenListener NONE = (sequence, id, logprob) -> true;

    /// @return false to end this sequence after the token
    boolean accept(int sequence, int id, float logprob);

    /// Asked between the steps of a search, which hands out its tokens at the end.
    ///
    /// @return false to end the search with the best that there is
    default boolean goesOn() {
        return true;
    }
}

package dev.aerie.language;

/// Hears every new token as soon as it is chosen.
@FunctionalInterface
public interface TokenListener {

    TokenListener NONE = (sequence, id, logprob) -> true;

    /// @return false to end this sequence after the token
    boolean accept(int sequence, int id, float logprob);
}

package dev.aerie.nn;

/// What a decoder's layers read beside their row of tokens: nothing in most models; in some the pictures once more.
@FunctionalInterface
public interface Beside {

    Beside NOTHING = _ -> Between.NOTHING;

    /// What happens between the layers while they work on the positions of each row from `start` on, as many as their
    /// hidden states `[B, T, C]` have.
    Between from(int start);
}

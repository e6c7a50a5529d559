package dev.aerie.fusion;

import dev.aerie.tensor.Tensor;

/// The cells of a finer grid that lie where a cell of a coarser one does.
final class Neighbourhoods {

    private Neighbourhoods() {}

    /// Tokens `[B, (n·m)², C]` of a square grid to `[B, n², m², C]`: for each of n × n cells its m × m ones, row by
    /// row.
    static Tensor cut(Tensor tokens, int n, int m) {
        return tokens.reshape(tokens.size(0), n, m, n, m, tokens.size(2))
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(tokens.size(0), (long) n * n, (long) m * m, tokens.size(2));
    }

    /// How many cells of a map of side `side` stand along one cell of a grid of side `n`: at least one, the nearest
    /// whole number.
    static int across(int side, int n) {
        return Math.max(1, Math.round((float) side / n));
    }
}

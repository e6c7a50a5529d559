package dev.aerie.image;

/// The two inner loops of a resize. Sums of weighted bytes are 32-bit integers, so every order of adding gives the same
/// bytes and the loops may run as wide as the machine allows.
interface Pass {

    /// Prepares the filtering of rows with these taps.
    Along along(Taps taps);

    /// One output row from the rows above one another that begin at `from`, `rowBytes` apart: `count` of them, weighted
    /// with `weights[at…]`.
    void across(byte[] in, int from, int rowBytes, int[] weights, int at, int count, byte[] out, int to);

    /// Filters one row.
    interface Along {

        /// From the row that begins at byte `from` to the row that begins at byte `to`.
        void row(byte[] in, int from, byte[] out, int to);
    }

    /// The vector loops where vectors of at least 256 bits exist; below that, plain loops.
    static Pass fastest() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors && VectorPass.AVAILABLE ? new VectorPass() : new ScalarPass();
    }
}

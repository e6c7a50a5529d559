package dev.aerie.text;

/// Cuts normalised text into pieces.
interface Segmenter {

    /// Takes one piece after the other: the bytes from `from` to `to` are the piece `id` (the unknown one if no piece
    /// is written so).
    @FunctionalInterface
    interface Sink {
        void piece(int from, int to, int id);
    }

    void segment(Marked.Bytes text, Sink sink);
}

package dev.aerie.evaluate.data;

/// A picture as its file has it.
public interface EncodedPicture {

    /// Equal for pictures that are the same.
    String key();

    /// What errors call it.
    String name();

    /// Its bytes.
    ///
    /// @throws dev.aerie.AerieException if there are none
    byte[] read();
}

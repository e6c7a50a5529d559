package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.image.TooLargeException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Picture files by the names that records give them. Safe for use by several threads.
public interface PictureStore extends AutoCloseable {

    /// A larger file is refused before it is read.
    int MOST_BYTES = 256 << 20;

    /// The bytes of a picture file.
    ///
    /// @throws RecordException if there is none of this name, or it cannot be read
    byte[] read(String name);

    /// Reads and decodes a picture.
    ///
    /// @throws RecordException if there is none of this name, or it is damaged or over the limits
    default Picture picture(String name, ReadOptions options) {
        return decode(read(name), name, options);
    }

    /// Decodes a picture.
    ///
    /// @param bytes of its file
    /// @throws RecordException if it is damaged or over the limits
    static Picture decode(byte[] bytes, String name, ReadOptions options) {
        try {
            return Pictures.read(bytes, name, options);
        } catch (TooLargeException e) {
            throw new RecordException(Flaw.PICTURE_TOO_LARGE, String.valueOf(e.getMessage()), e);
        } catch (AerieException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                // Which samples a model sees must not depend on the memory at hand.
                throw e;
            }
            throw new RecordException(Flaw.PICTURE_DAMAGED, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    default void close() {}

    /// Opens what pictures lie in: a folder, or tar files: one, several (`*` or `?` in the name), or the first part
    /// (`.part_aa`) of one that was split.
    static PictureStore open(Path path) {
        if (Files.isDirectory(path)) {
            return new FolderPictures(path);
        }
        var name = String.valueOf(path.getFileName());
        if (TarArchives.isNameOfOne(name)) {
            return TarPictures.open(path);
        }
        throw new AerieException("cannot open pictures " + path
                + ": expected a folder that exists, .tar files or the .tar.part_aa of a split one");
    }

    /// For data without pictures.
    static PictureStore none() {
        return name -> {
            throw new RecordException(
                    Flaw.PICTURE_MISSING, "there is no picture " + name + ": the data has no place for pictures");
        };
    }

    /// The error of a file that is larger than [#MOST_BYTES].
    static RecordException tooLarge(String name, long size) {
        return new RecordException(
                Flaw.PICTURE_TOO_LARGE,
                "picture " + name + " has " + size + " bytes, more than the limit of " + MOST_BYTES);
    }
}

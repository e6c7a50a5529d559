package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Pictures below a folder. A name that leads out of it is refused; links that lie in it are followed.
///
/// @param folder where relative names begin
public record FolderPictures(Path folder) implements PictureStore {

    private static final boolean UTF_8 = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

    @Override
    public byte[] read(String name) {
        var file = place(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new RecordException(Flaw.PICTURE_MISSING, "there is no picture " + file);
            }
            var size = Files.size(file);
            if (size > MOST_BYTES) {
                throw PictureStore.tooLarge(file.toString(), size);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new RecordException(Flaw.PICTURE_DAMAGED, "picture " + file + " cannot be read (" + e + ")", e);
        }
    }

    private Path place(String name) {
        try {
            var inside = Path.of(name).normalize();
            if (inside.isAbsolute() || inside.startsWith("..")) {
                throw new RecordException(
                        Flaw.PICTURE_OUTSIDE, "the picture's name " + name + " leads out of the folder " + folder);
            }
            return folder.resolve(inside);
        } catch (InvalidPathException e) {
            if (!name.chars().allMatch(c -> c < 128) && !UTF_8) {
                throw new AerieException(
                        "cannot open the picture " + name + ": Java names files in "
                                + System.getProperty("sun.jnu.encoding")
                                + " here, which has not these letters; set LC_ALL=C.UTF-8",
                        e);
            }
            throw new RecordException(Flaw.PICTURE_MISSING, "there can be no picture of the name " + name, e);
        }
    }
}

package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.PictureText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// Pictures in a folder, and such as stand in their records as text.
///
/// @param folder where names begin; none leads out of it
record FolderPictures(Path folder) implements PictureFinder {

    @Override
    public EncodedPicture find(String name) {
        boolean text = name.startsWith(PictureText.PREFIX);
        return new EncodedPicture() {

            @Override
            public String key() {
                return text ? Digest.of(name.getBytes(StandardCharsets.UTF_8)) : name;
            }

            @Override
            public String name() {
                return text ? "in the record" : name;
            }

            @Override
            public byte[] read() {
                return text
                        ? decoded(name.substring(PictureText.PREFIX.length()))
                        : new dev.aerie.train.data.FolderPictures(folder).read(name);
            }
        };
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new AerieException("the picture in the record is no text in base 64 (" + e.getMessage() + ")", e);
        }
    }
}

package dev.aerie.cli.show;

import dev.aerie.AerieException;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.image.Resize;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// Shows pictures in one of the ways.
///
/// @param way     not [Show#AUTO]
/// @param columns of the terminal
/// @param folder  of the files, made when needed
public record Exhibit(Show way, int columns, Path folder, PrintWriter out) {

    /// Side of a picture on the screen: a small one is shown with every pixel repeated, a larger one shrunk.
    private static final int SCREEN = 384;

    /// Shows a picture, and says where a file was written.
    ///
    /// @param name of the file, without its ending
    public void show(Picture picture, String name) {
        switch (way) {
            case KITTY -> out.println(KittyImage.of(onScreen(picture)));
            case SIXEL -> out.println(Sixel.of(onScreen(picture)));
            case BLOCKS -> out.print(HalfBlocks.of(within(picture, columns)));
            case PNG -> out.println("picture: " + write(picture, folder.resolve(name + ".png")));
            case NONE, AUTO -> {}
        }
        out.flush();
    }

    private Path write(Picture picture, Path file) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AerieException("cannot make a folder for " + file + ": " + e + "; name another with --out", e);
        }
        Pictures.writePng(picture, file);
        return file;
    }

    private static Picture onScreen(Picture picture) {
        int times = SCREEN / Math.max(picture.width(), picture.height());
        return times > 1
                ? Resize.resize(picture, times * picture.width(), times * picture.height(), Filter.NEAREST)
                : within(picture, SCREEN);
    }

    /// The picture, or a smaller one of no more pixels a side.
    private static Picture within(Picture picture, int most) {
        int longer = Math.max(picture.width(), picture.height());
        return longer <= most
                ? picture
                : Resize.resize(
                        picture,
                        Math.max(1, Math.round((float) picture.width() * most / longer)),
                        Math.max(1, Math.round((float) picture.height() * most / longer)),
                        Filter.LANCZOS);
    }
}

package dev.aerie.image;

import dev.aerie.AerieException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads and writes picture files. What is read equals Pillow's `Image.open(file).convert("RGB")`: alpha is dropped,
/// not composited; colour profiles and gamma are not applied; of several frames the first is taken. The format is told
/// by the content, not by the name.
public final class Pictures {

    private static final ReadOptions ONE_PIXEL = new ReadOptions(1, ReadOptions.DEFAULT.maxBytes(), false);

    private Pictures() {}

    /// Reads a PNG, JPEG, GIF, WebP, BMP, TIFF or PNM file with the default limits.
    public static Picture read(Path file) {
        return read(file, ReadOptions.DEFAULT);
    }

    /// Reads a picture file. A file that is damaged, cut off, over the limits or no picture is an
    /// {@link AerieException}, never a picture with missing parts.
    public static Picture read(Path file, ReadOptions options) {
        var name = file.toString();
        try {
            if (!Files.isRegularFile(file)) {
                throw new AerieException("cannot read picture " + name + ": there is no such file; check the path");
            }
            var size = Files.size(file);
            checkBytes(size, name, options);
            return read(Files.readAllBytes(file), name, options);
        } catch (IOException e) {
            throw new AerieException("cannot read picture " + name + ": " + reason(e), e);
        } catch (OutOfMemoryError e) {
            throw new Source(new byte[0], name, options).outOfMemory(e);
        }
    }

    /// Reads a picture from the bytes of a file; `name` is what errors call it.
    public static Picture read(byte[] bytes, String name, ReadOptions options) {
        checkBytes(bytes.length, name, options);
        var source = new Source(bytes, name, options);
        try {
            var decoded = Format.of(source).read(source);
            return options.applyOrientation() ? decoded.orientation().apply(decoded.picture()) : decoded.picture();
        } catch (OutOfMemoryError e) {
            throw source.outOfMemory(e);
        }
    }

    /// The size that a picture file claims, `width × height` as it is stored, at the cost of its header.
    /// Empty for what is no picture, or has no whole header.
    public static Optional<Size> claimedSize(byte[] bytes) {
        try {
            var picture = read(bytes, "", ONE_PIXEL); // larger ones end where their size is known
            return Optional.of(new Size(picture.width(), picture.height()));
        } catch (TooLargeException e) {
            return e.claimed();
        } catch (AerieException e) {
            return Optional.empty();
        }
    }

    /// Writes the picture as PNG: under another name in the same folder first, so that a file of this name is whole.
    public static void writePng(Picture picture, Path file) {
        var temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                Files.write(temporary, png(picture), StandardOpenOption.CREATE_NEW);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new AerieException("cannot write picture " + file + ": " + reason(e), e);
        }
    }

    /// The message of a file error is often but a name; its class says what happened.
    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " ("
                + String.valueOf(e.getMessage()).replaceAll("\\s+", " ") + ")";
    }

    /// The bytes of a PNG file of the picture.
    public static byte[] png(Picture picture) {
        var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        var row = new int[picture.width()];
        for (var y = 0; y < picture.height(); y++) {
            for (var x = 0; x < row.length; x++) {
                var at = 3 * (y * row.length + x);
                var red = picture.rgb()[at] & 0xFF;
                var green = picture.rgb()[at + 1] & 0xFF;
                var blue = picture.rgb()[at + 2] & 0xFF;
                row[x] = (red << 16) | (green << 8) | blue;
            }
            image.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        var bytes = new ByteArrayOutputStream();
        try (var output = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", output);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void checkBytes(long size, String name, ReadOptions options) {
        if (size > options.maxBytes()) {
            throw new TooLargeException(
                    "cannot read picture " + name + ": its " + size + " bytes exceed the limit of " + options.maxBytes()
                            + "; raise the limit in the read options",
                    Optional.empty());
        }
    }
}

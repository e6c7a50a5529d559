package dev.aerie.evaluate.run;

import dev.aerie.eagle.Question;
import dev.aerie.files.AtomicFile;
import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/// Small copies of the pictures of some samples, evenly spread over the records, for the report.
///
/// @param folder  of files `RECORD.jpg`
/// @param records of the benchmark
/// @param most    samples
record Album(Path folder, long records, int most) {

    private static final int SIDE = 320;

    boolean wants(long record) {
        return most > 0 && record % Math.ceilDiv(records, most) == 0;
    }

    /// Keeps the first picture of a question.
    Consumer<Question> keep(long record) {
        return question -> {
            if (!question.pictures().isEmpty()) {
                write(small(question.pictures().getFirst()), folder.resolve(record + ".jpg"));
            }
        };
    }

    private static Picture small(Picture picture) {
        double scale = Math.min(1, (double) SIDE / Math.max(picture.width(), picture.height()));
        return scale == 1
                ? picture
                : Resize.resize(
                        picture,
                        Math.max(1, (int) (scale * picture.width())),
                        Math.max(1, (int) (scale * picture.height())),
                        Filter.BICUBIC);
    }

    private static void write(Picture picture, Path file) {
        var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        var rgb = picture.rgb();
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                int at = 3 * (y * picture.width() + x);
                image.setRGB(x, y, (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF));
            }
        }
        AtomicFile.stream(file, out -> {
            if (!ImageIO.write(image, "jpeg", out)) {
                throw new IOException("this Java has no writer for JPEG");
            }
        });
    }
}

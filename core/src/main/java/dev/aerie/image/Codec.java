package dev.aerie.image;

import dev.aerie.AerieException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Runs a codec of ImageIO in memory and turns whatever goes wrong, warnings included, into one error.
final class Codec {

    /// What is asked of a codec that has its input.
    interface Use<T> {
        T of(ImageReader reader) throws IOException;
    }

    private Codec() {}

    static <T> T use(ImageReaderSpi codec, byte[] file, Source source, String format, Use<T> use) {
        var warnings = new ArrayList<String>();
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            var reader = codec.createReaderInstance(null);
            try {
                reader.addIIOReadWarningListener(new IIOReadWarningListener() {
                    @Override
                    public void warningOccurred(ImageReader of, String warning) {
                        warnings.add(warning);
                    }
                });
                reader.setInput(input, true, true);
                var result = use.of(reader);
                if (!warnings.isEmpty()) {
                    throw source.damaged("the " + format + " decoder warns: " + oneLine(warnings.getFirst()));
                }
                return result;
            } finally {
                reader.dispose();
            }
        } catch (AerieException e) {
            throw e;
        } catch (IOException e) {
            throw source.damaged("the " + format + " decoder fails: " + oneLine(String.valueOf(e.getMessage())), e);
        } catch (RuntimeException e) {
            // Of no use to a reader: the codec stumbled over values that it did not check.
            throw source.damaged(
                    "the " + format + " decoder fails (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}

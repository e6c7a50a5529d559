package dev.aerie.image;

import dev.aerie.AerieException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The bytes of a picture file, with the name that errors give it. Every read is checked: beyond the end is an error.
final class Source {

    private final byte[] bytes;
    private final String name;
    private final ReadOptions options;

    Source(byte[] bytes, String name, ReadOptions options) {
        this.bytes = bytes;
        this.name = name.replaceAll("\\p{Cntrl}", "?");
        this.options = options;
    }

    /// The whole file; not to be written to.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    int u8(long at) {
        require(at, 1);
        return bytes[(int) at] & 0xFF;
    }

    int u16be(long at) {
        return u8(at) << 8 | u8(at + 1);
    }

    int u16le(long at) {
        return u8(at + 1) << 8 | u8(at);
    }

    int u24be(long at) {
        return u8(at) << 16 | u16be(at + 1);
    }

    int u24le(long at) {
        return u8(at + 2) << 16 | u16le(at);
    }

    long u32be(long at) {
        return (long) u16be(at) << 16 | u16be(at + 2);
    }

    long u32le(long at) {
        return (long) u16le(at + 2) << 16 | u16le(at);
    }

    /// Whether these characters (Latin-1) stand at this place.
    boolean has(long at, String text) {
        var expected = text.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at + expected.length > bytes.length) {
            return false;
        }
        for (var i = 0; i < expected.length; i++) {
            if (bytes[(int) at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /// The `length` bytes from `at` on must exist.
    void require(long at, long length) {
        if (at < 0 || length < 0 || at > bytes.length - length) {
            throw damaged("it ends at byte " + bytes.length + ", where " + length + " bytes from byte " + at
                    + " on were expected");
        }
    }

    /// Refuses empty pictures and those over the limit; called before anything is allocated for pixels.
    void checkSize(long width, long height) {
        if (width < 1 || height < 1) {
            throw damaged("it claims " + width + "x" + height + " pixels");
        }
        boolean fitsInts = width <= Integer.MAX_VALUE && height <= Integer.MAX_VALUE;
        if (!fitsInts || width * height > options.maxPixels()) {
            throw new TooLargeException(
                    "cannot read picture " + name + ": " + width + "x" + height + " pixels exceed the limit of "
                            + options.maxPixels() + "; scale it down or raise the limit in the read options",
                    fitsInts ? Optional.of(new Size((int) width, (int) height)) : Optional.empty());
        }
    }

    /// Refuses a picture that needs more decoded bytes than this much packed data can hold.
    void checkPromise(long needed, long packed, long ratio) {
        if (needed > packed * ratio + 1024) {
            throw damaged("it claims " + needed + " bytes of pixels in " + packed + " bytes of data");
        }
    }

    AerieException damaged(String why) {
        return new AerieException(prefix() + why + "; the file is damaged or incomplete, get it again");
    }

    AerieException damaged(String why, Throwable cause) {
        return new AerieException(prefix() + why + "; the file is damaged or incomplete, get it again", cause);
    }

    AerieException unsupported(String what) {
        return new AerieException(prefix() + what + "; convert it to PNG or JPEG first");
    }

    AerieException outOfMemory(Throwable cause) {
        return new AerieException(
                prefix() + "not enough memory to decode it; use a smaller picture or give Java more heap (-Xmx)",
                cause);
    }

    private String prefix() {
        return "cannot read picture " + name + ": ";
    }
}

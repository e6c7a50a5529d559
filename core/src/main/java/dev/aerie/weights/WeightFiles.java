package dev.aerie.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Opens weight files by what they hold; the extension says nothing.
public final class WeightFiles {

    private static final int SHORTEST = 10;

    private WeightFiles() {}

    /// Opens a safetensors file, a PyTorch zip archive or a PyTorch stream file (before 1.6).
    ///
    /// @throws dev.aerie.AerieException if the file cannot be read, is none of these, or contradicts itself
    public static WeightFile open(Path path) {
        var file = MappedFile.open(path);
        try {
            return open(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static WeightFile open(MappedFile file) {
        if (file.size() < SHORTEST) {
            throw file.damaged("it has " + file.size() + " bytes, too few for any weight file");
        }
        // Neither a zip nor a pickle has a brace at byte 8, where the header of safetensors begins.
        if (file.bytes().get(JAVA_BYTE, 8) == '{') {
            return SafetensorsFile.read(file);
        }
        if (startsWith(file, "PK")) {
            return TorchZip.read(file);
        }
        if (file.bytes().get(JAVA_BYTE, 0) == (byte) Opcode.PROTO || startsWith(file, TorchStream.MAGIC_AS_TEXT)) {
            return TorchStream.read(file);
        }
        if (startsWith(file, "version ht")) {
            throw file.refused("it is a Git LFS pointer, not the weights", "run git lfs pull");
        }
        throw file.refused(
                "it is neither safetensors nor a PyTorch file",
                "give a .safetensors, .bin, .pt or .pth file, and fetch it again if it should be one");
    }

    private static boolean startsWith(MappedFile file, String magic) {
        var start = file.bytes().asSlice(0, magic.length()).toArray(JAVA_BYTE);
        return new String(start, StandardCharsets.ISO_8859_1).equals(magic);
    }
}

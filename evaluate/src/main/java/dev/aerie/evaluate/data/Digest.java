package dev.aerie.evaluate.data;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A short name for bytes by their contents.
public final class Digest {

    private static final int SHOWN = 16;
    private static final int PIECE = 1 << 20;
    private static final List<String> WEIGHTS = List.of(".safetensors", ".bin", ".pth", ".pt");

    private Digest() {}

    /// Of a checkpoint: its configuration, and of each file of weights the name, the size, the beginning and the end.
    public static String ofCheckpoint(Path folder) {
        try (var files = Files.list(folder)) {
            var digest = sha256();
            for (var file : files.filter(Digest::isPart).sorted().toList()) {
                digest.update((file.getFileName() + " " + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
                try (var channel = FileChannel.open(file)) {
                    for (long from : new long[] {0, Math.max(0, channel.size() - PIECE)}) {
                        var piece = ByteBuffer.allocate(PIECE);
                        channel.read(piece, from);
                        digest.update(piece.flip());
                    }
                }
            }
            return text(digest);
        } catch (IOException e) {
            throw new AerieException("cannot read the checkpoint " + folder + " (" + e + ")", e);
        }
    }

    private static boolean isPart(Path file) {
        var name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file)
                && (name.equals("config.json") || WEIGHTS.stream().anyMatch(name::endsWith));
    }

    /// The first half of their SHA-256 in hexadecimal digits.
    public static String of(byte[] bytes) {
        var digest = sha256();
        digest.update(bytes);
        return text(digest);
    }

    private static String text(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package dev.aerie.text;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// The tokenizer folders that tests walk, and random texts to walk them with.
final class Folders {

    static final Path RESOURCES = Path.of("src/test/resources");
    static final Path GOLDEN = RESOURCES.resolve("golden/text");
    static final Path OWN = RESOURCES.resolve("text/folders");

    private static final String[] SNIPPETS = {
        "the ", "quick", " brown", "foo", "  ", "\n", "▁", "ß", "日本", "😀", "\uD83D", "'s", " .", " ' ", "1", "A",
        "\u00A0", "<", "|", "mark", ">", "word", " n't", "\u0000"
    };

    private Folders() {}

    static List<Path> all() {
        return Stream.of(GOLDEN, OWN).flatMap(Folders::list).toList();
    }

    private static Stream<Path> list(Path parent) {
        try (var folders = Files.list(parent)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Tokenizer golden(String name) {
        return Tokenizer.open(GOLDEN.resolve(name));
    }

    static Tokenizer own(String name) {
        return Tokenizer.open(OWN.resolve(name));
    }

    static String text(Random random, int snippets) {
        var text = new StringBuilder();
        for (var i = 0; i < snippets; i++) {
            text.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
        }
        return text.toString();
    }

    static int[] ids(Random random, Tokenizer tokenizer, int count) {
        return random.ints(0, Integer.MAX_VALUE)
                .map(i -> i % (tokenizer.size() + 8))
                .filter(id -> exists(tokenizer, id))
                .limit(count)
                .toArray();
    }

    private static boolean exists(Tokenizer tokenizer, int id) {
        try {
            return !tokenizer.token(id).isEmpty();
        } catch (AerieException e) {
            return false;
        }
    }

    static void copy(Path from, Path to) {
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

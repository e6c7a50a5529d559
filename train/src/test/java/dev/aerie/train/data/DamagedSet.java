package dev.aerie.train.data;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A training set in LLaVA's format with one percent of damaged records, drawn from a seed: every kind of damage in
/// turn. A program as well, for large sets: `DamagedSet FOLDER COUNT`.
final class DamagedSet {

    /// Every flaw that a JSON file with pictures in a folder can have.
    static final List<Flaw> KINDS = List.of(
            Flaw.UNREADABLE,
            Flaw.WRONG_TYPE,
            Flaw.MISSING_ID,
            Flaw.DUPLICATE_ID,
            Flaw.NO_ANSWER,
            Flaw.UNKNOWN_ROLE,
            Flaw.ROLE_ORDER,
            Flaw.EMPTY_ANSWER,
            Flaw.STRAY_MARKER,
            Flaw.TOO_LONG,
            Flaw.PICTURE_MISSING,
            Flaw.PICTURE_OUTSIDE,
            Flaw.PICTURE_DAMAGED,
            Flaw.PICTURE_TOO_LARGE);

    private static final int PICTURES = 200;
    private static final String[] WORDS =
            "what is the colour of this small red cat on a table near two green trees and houses".split(" ");

    /// The indices of the records with each flaw.
    final Map<Flaw, List<Integer>> damaged = new EnumMap<>(Flaw.class);

    final Path records;
    final Path pictures;
    private final Random random = new Random(1);

    private DamagedSet(Path folder) {
        records = folder.resolve("records.json");
        pictures = folder.resolve("pictures");
    }

    static DamagedSet write(Path folder, int count) throws IOException {
        var set = new DamagedSet(folder);
        set.writePictures();
        try (var out = new PrintWriter(Files.newBufferedWriter(set.records))) {
            out.print("[");
            for (var i = 0; i < count; i++) {
                out.print(i == 0 ? "" : i % 3 == 0 ? ",\n  " : ", ");
                out.print(i % 100 == 50 ? set.damaged(i, KINDS.get(i / 100 % KINDS.size())) : set.healthy(i));
            }
            out.print("]\n");
        }
        return set;
    }

    private void writePictures() throws IOException {
        Files.createDirectories(pictures);
        for (var i = 0; i < PICTURES; i++) {
            var rgb = new byte[3 * 48 * 32];
            random.nextBytes(rgb);
            Pictures.writePng(new Picture(48, 32, rgb), pictures.resolve(i + ".png"));
        }
        var whole = Files.readAllBytes(pictures.resolve("0.png"));
        Files.write(pictures.resolve("damaged.png"), Arrays.copyOf(whole, whole.length / 2));
        Files.write(pictures.resolve("large.ppm"), "P6 60000 60000 255\n".getBytes(StandardCharsets.US_ASCII));
    }

    private String healthy(int i) {
        var image = i % 4 == 3 ? "" : i % PICTURES + ".png";
        return record("r" + i, image, talk(i, image.isEmpty() ? "" : "<image>\n"));
    }

    private String damaged(int i, Flaw flaw) {
        damaged.computeIfAbsent(flaw, _ -> new ArrayList<>()).add(i);
        var id = "r" + i;
        var image = i % PICTURES + ".png";
        return switch (flaw) {
            case UNREADABLE -> {
                var whole = healthy(i);
                yield i % 200 == 50 ? whole.substring(0, whole.length() * 2 / 3) : whole.replace("gpt", "gp\"t");
            }
            case WRONG_TYPE -> "{\"id\": \"%s\", \"image\": \"%s\", \"conversations\": \"none\"}".formatted(id, image);
            case MISSING_ID -> healthy(i).replaceFirst("\"id\": \"\\w+\", ", "");
            case DUPLICATE_ID -> record("r" + (i - 7), image, talk(i, ""));
            case NO_ANSWER -> record(id, image, message("human", "<image>\nWhat?"));
            case UNKNOWN_ROLE -> record(id, image, talk(i, "").replace("\"gpt\"", "\"bot\""));
            case ROLE_ORDER -> record(id, image, message("human", "What?") + ", " + talk(i, ""));
            case EMPTY_ANSWER ->
                record(id, image, talk(i, "") + ", " + message("human", "And?") + ", " + message("gpt", ""));
            case STRAY_MARKER -> record(id, "", talk(i, "<image>\n"));
            case TOO_LONG -> record(id, image, message("human", words(9000)) + ", " + message("gpt", "Yes."));
            case PICTURE_MISSING -> record(id, "none/" + image, talk(i, ""));
            case PICTURE_OUTSIDE -> record(id, "../records.json", talk(i, ""));
            case PICTURE_DAMAGED -> record(id, "damaged.png", talk(i, ""));
            case PICTURE_TOO_LARGE -> record(id, "large.ppm", talk(i, ""));
            case MISFIT -> throw new IllegalArgumentException("depends on the template");
        };
    }

    private String talk(int i, String marker) {
        var talk = message("human", marker + words(3 + i % 9)) + ", " + message("gpt", words(1 + i % 30) + ".");
        return i % 5 == 0
                ? talk + ", " + message("human", "And {\\\"why\\\"}, 80 %?") + ", " + message("gpt", "\\u00c9h [so].")
                : talk;
    }

    private String words(int count) {
        var words = new StringBuilder();
        for (var i = 0; i < count; i++) {
            words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }

    private static String record(String id, String image, String messages) {
        return "{\"id\": \"%s\", %s\"conversations\": [%s]}"
                .formatted(id, image.isEmpty() ? "" : "\"image\": \"%s\", ".formatted(image), messages);
    }

    private static String message(String from, String value) {
        return "{\"from\": \"%s\", \"value\": \"%s\"}".formatted(from, value.replace("\n", "\\n"));
    }

    static void main(String[] arguments) throws IOException {
        write(Files.createDirectories(Path.of(arguments[0])), Integer.parseInt(arguments[1]));
    }
}

package dev.aerie.lab.world;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.image.Pictures;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Writes pictures as training data in LLaVA's form: `world.json`, a list of records, and the folder `images` with a
/// PNG for each. `settings.json` beside them says what the data are made from. A record is a picture with several
/// turns of question and answer.
///
/// `world.json` appears when all pictures are there. Where an earlier call was stopped, the same call goes on: a
/// picture that is there is whole and is not written again.
///
/// @param count how many pictures
public record WorldWriter(Series series, long count, Turns turns) {

    /// What a record asks.
    public enum Turns {
        /// The questions about the picture.
        QUESTIONS,
        /// For the caption only: records for the template `plain`.
        CAPTION,
        /// The caption first, then the questions.
        BOTH
    }

    private static final String RECORDS = "world.json";
    private static final String IMAGES = "images";
    private static final String SETTINGS = "settings.json";

    /// Refuses counts below 1.
    public WorldWriter {
        if (count < 1 || count > Split.PICTURES) {
            throw new AerieException("cannot write " + count + " pictures: expected 1 to " + Split.PICTURES);
        }
    }

    /// Writes the data into a folder, which is made if there is none; `done` hears how many pictures are there.
    /// Refuses a folder that holds data made from other settings.
    public void write(Path folder, LongConsumer done) {
        var images = folder.resolve(IMAGES);
        try {
            Files.createDirectories(images);
            claim(folder);
        } catch (IOException e) {
            throw new AerieException(
                    "cannot write pictures to " + folder + " (" + e + "); is there room, and may you write there?", e);
        }
        AtomicFile.stream(folder.resolve(RECORDS), out -> {
            try (var json = JsonMapper.shared().writerWithDefaultPrettyPrinter().createGenerator(unclosed(out))) {
                json.writeStartArray();
                var number = 0L;
                for (var seeds = series.seeds().limit(count).iterator(); seeds.hasNext(); number++) {
                    var drawing = World.draw(seeds.nextLong());
                    var name = name(drawing);
                    var file = images.resolve(name + ".png");
                    if (!Files.exists(file)) {
                        Pictures.writePng(drawing.picture(), file);
                    }
                    record(json, drawing, name);
                    done.accept(number + 1);
                }
                json.writeEndArray();
            }
            out.write('\n');
        });
    }

    /// Writes the settings down, or compares them with those of the data that are there.
    private void claim(Path folder) throws IOException {
        var settings = settings();
        var file = folder.resolve(SETTINGS);
        if (Files.exists(file)) {
            if (Files.size(file) != settings.length() || !Files.readString(file).equals(settings)) {
                throw new AerieException("cannot write pictures to " + folder + ": " + SETTINGS
                        + " there says that it holds other data; name another folder, or give the same seed, split, "
                        + "kinds, turns and count");
            }
        } else {
            AtomicFile.write(file, settings);
        }
    }

    private String settings() {
        return JsonMapper.shared()
                        .createObjectNode()
                        .put("split", label(series.split()))
                        .put("seed", series.run())
                        .put("count", count)
                        .put("turns", label(turns))
                        .put(
                                "kinds",
                                series.kinds().stream()
                                        .sorted()
                                        .map(Kind::label)
                                        .collect(Collectors.joining(",")))
                        .toPrettyString()
                + "\n";
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private String name(Drawing drawing) {
        return "%s-%d-%08d".formatted(label(series.split()), series.run(), drawing.seed() % Split.PICTURES);
    }

    private void record(JsonGenerator json, Drawing drawing, String name) {
        json.writeStartObject();
        json.writeStringProperty("id", name);
        json.writeStringProperty("image", name + ".png");
        json.writeArrayPropertyStart("conversations");
        var marker = "<image>\n";
        if (turns != Turns.QUESTIONS) {
            message(json, "human", marker + (turns == Turns.CAPTION ? "" : World.CAPTION_REQUEST), Optional.empty());
            message(json, "gpt", drawing.caption(), Optional.empty());
            marker = "";
        }
        if (turns != Turns.CAPTION) {
            for (var question : drawing.questions()) {
                message(json, "human", marker + question.text(), Optional.of(question.family()));
                message(json, "gpt", question.answer(), Optional.empty());
                marker = "";
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void message(JsonGenerator json, String from, String value, Optional<Family> family) {
        json.writeStartObject();
        json.writeStringProperty("from", from);
        json.writeStringProperty("value", value);
        family.ifPresent(each -> json.writeStringProperty("family", each.label()));
        json.writeEndObject();
    }

    /// The generator closes what it writes to; the file is closed by whoever opened it.
    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}

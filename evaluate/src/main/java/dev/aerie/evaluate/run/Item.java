package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Fields;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.benchmark.Scoring;
import dev.aerie.evaluate.data.EncodedPicture;
import dev.aerie.evaluate.data.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/// A record that is to be asked about.
///
/// @param group   of answers that depend on each other
/// @param flaw    why it cannot be asked; empty if it can
record Item(
        long number,
        Fields fields,
        String id,
        String group,
        String category,
        String prompt,
        List<String> truths,
        List<EncodedPicture> pictures,
        String flaw) {

    /// Asks of a record all that an answer's score will ask, so that a flawed one is found before its turn.
    static Item of(Benchmark benchmark, Entry entry, boolean strict) {
        var fields = entry.fields();
        try {
            var pictures = new ArrayList<EncodedPicture>();
            for (var column : benchmark.pictures(fields)) {
                var picture = entry.pictures().get(column);
                if (picture == null) {
                    throw new AerieException(fields.where() + ": there is no picture in the column " + column);
                }
                pictures.add(picture);
            }
            benchmark.judge(fields, "", strict ? Scoring.STRICT : Scoring.REFERENCE);
            var id = benchmark.id(fields);
            return new Item(
                    entry.number(),
                    fields,
                    id.isEmpty() ? "#" + entry.number() : id,
                    benchmark.group(fields).orElseGet(() -> key(pictures)),
                    benchmark.category(fields),
                    placed(benchmark.prompt(fields), pictures.size()),
                    benchmark.truths(fields),
                    pictures,
                    "");
        } catch (RuntimeException e) { // whatever a value of another kind leads to
            var why = e instanceof AerieException ? e.getMessage() : fields.where() + ": " + e;
            return new Item(
                    entry.number(),
                    fields,
                    "#" + entry.number(),
                    groupIfAny(benchmark, fields),
                    "",
                    "",
                    List.of(),
                    List.of(),
                    String.valueOf(why));
        }
    }

    /// What a flawed record belonged to, as far as it says.
    private static String groupIfAny(Benchmark benchmark, Fields fields) {
        try {
            return benchmark.group(fields).orElse("");
        } catch (RuntimeException e) {
            return "";
        }
    }

    private static String key(List<EncodedPicture> pictures) {
        return pictures.stream().map(EncodedPicture::key).collect(Collectors.joining(" "));
    }

    /// The pictures come first, unless the prompt has places for them.
    private static String placed(String prompt, int pictures) {
        return pictures == 0 || prompt.contains("<image>")
                ? prompt
                : String.join(" ", Collections.nCopies(pictures, "<image>")) + "\n" + prompt;
    }

    /// What the pictures are, to put questions about the same ones side by side.
    String pictureKey() {
        return key(pictures);
    }

    Item with(List<EncodedPicture> others) {
        return new Item(number, fields, id, group, category, prompt, truths, others, flaw);
    }

    Scored skipped(long place, String why) {
        return new Scored(
                place, number, id, group, category, prompt, "", truths, "", 0, "", 0, 0, 0, why.isEmpty() ? "?" : why);
    }
}

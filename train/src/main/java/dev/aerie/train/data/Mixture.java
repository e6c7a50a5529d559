package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.text.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// What a training set is made of: a manifest in YAML.
///
/// ```yaml
/// description: what it is, where it comes from, its licence
/// sources:
///   - records: llava_v1_5_mix665k.json   # .json, .jsonl, .parquet; beside the manifest
///     pictures: images                   # folder, .tar files or the .tar.part_aa of a split one
///     prefix: coco/                      # before the names of pictures
///     count: 100000                      # or weight: 0.5; all by default
///     seed: 7                            # which ones
///     template: v1
///     rows: independent-turns            # or conversation
/// ```
public record Mixture(String name, String description, List<Source> sources) {

    /// Captions and mixes of the papers of Eagle (its README lists their parts) and LLaVA-1.5, by the names that
    /// [#named] takes.
    public static final List<String> PUBLISHED = List.of("captions-558k", "llava-665k", "sft-934k", "sft-1.8m");

    private static final long MOST_BYTES = 1 << 20;

    /// One file of records.
    ///
    /// @param records   their file
    /// @param pictures  where pictures lie; without it in the records' own file, where that is Parquet
    /// @param prefix    put before the names of pictures
    /// @param amount    how many records are taken
    /// @param seed      chooses them
    /// @param template  where it is not that of the model
    /// @param rows      where it is not that of the stage
    /// @param published how many its authors say it has; a note for reports
    public record Source(
            String name,
            Path records,
            Optional<Path> pictures,
            String prefix,
            Amount amount,
            long seed,
            Optional<Template> template,
            Optional<RowForm> rows,
            OptionalLong published) {

        /// The key of its name in [#origin].
        public static final String NAME = "name";

        /// The key of the place of its pictures in [#origin].
        public static final String PICTURES = "pictures";

        /// What decides which of its records come how, by the keys of manifests; what is not said is
        /// left out. Records go by the name of their file, since files may be moved.
        Map<String, String> origin() {
            var origin = new LinkedHashMap<String, String>();
            origin.put(NAME, name);
            origin.put("records", String.valueOf(records.getFileName()));
            pictures.ifPresent(place ->
                    origin.put(PICTURES, place.toAbsolutePath().normalize().toString()));
            origin.put("prefix", prefix);
            switch (amount) {
                case Amount.All() -> {}
                case Amount.Count(var count) -> origin.put("count", Long.toString(count));
                case Amount.Weight(var weight) -> origin.put("weight", Double.toString(weight));
            }
            if (!(amount instanceof Amount.All)) {
                origin.put("seed", Long.toString(seed));
            }
            template.ifPresent(each -> origin.put("template", each.name()));
            rows.ifPresent(each -> origin.put("rows", each.label()));
            return Collections.unmodifiableMap(origin);
        }

        /// All records of a file.
        public static Source whole(String name, Path records, Optional<Path> pictures) {
            return new Source(
                    name,
                    records,
                    pictures,
                    "",
                    new Amount.All(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty());
        }

        /// Whether nothing says where pictures lie, which JSON has not got in it.
        boolean lacksPictures() {
            var name = records.toString();
            return pictures.isEmpty() && (name.endsWith(".json") || name.endsWith(".jsonl"));
        }

        /// Which of `size` records are taken; empty for all as they stand. More than there are means all of them
        /// several times, and some once more.
        Optional<int[]> chosen(long size) {
            var count = switch (amount) {
                case Amount.All() -> size;
                case Amount.Count(var records) -> records;
                case Amount.Weight(var weight) -> Math.round(weight * size);
            };
            if (count == size) {
                return Optional.empty();
            }
            if (size == 0 || count > Integer.MAX_VALUE - 16) {
                throw new AerieException(
                        "cannot take " + count + " records of the source " + name + ": it has " + size);
            }
            var order = new TorchRandom(seed).permutation(Math.toIntExact(size));
            var chosen = new int[(int) count];
            Arrays.setAll(chosen, i -> order[i % order.length]);
            return Optional.of(chosen);
        }
    }

    /// How many records of a source are taken.
    public sealed interface Amount {

        record All() implements Amount {}

        record Count(long records) implements Amount {}

        /// A share of them; above 1 they come again.
        record Weight(double share) implements Amount {}
    }

    public Mixture {
        sources = List.copyOf(sources);
    }

    /// Opens a manifest file; its paths are taken from its folder.
    public static Mixture open(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new AerieException("cannot read the manifest " + file + ": there is no such file of at most "
                        + MOST_BYTES + " bytes; check the path, or name one of " + String.join(", ", PUBLISHED));
            }
            var folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            return MixtureYaml.read(file.toString(), Files.readString(file), folder);
        } catch (IOException e) {
            throw new AerieException("cannot read the manifest " + file + " (" + e + ")", e);
        }
    }

    /// One of the [#PUBLISHED] mixes; its files lie below `folder`.
    public static Mixture named(String name, Path folder) {
        if (!PUBLISHED.contains(name)) {
            throw new AerieException(
                    "there is no mixture '" + name + "': expected a manifest file or " + String.join(", ", PUBLISHED));
        }
        try (var stream = Objects.requireNonNull(Mixture.class.getResourceAsStream(name + ".yaml"))) {
            return MixtureYaml.read(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8), folder);
        } catch (IOException e) {
            throw new AerieException("cannot read the mixture " + name + " (" + e + ")", e);
        }
    }

    /// What a user names: a manifest (`.yaml`), one of the [#PUBLISHED] mixes, or a file of records.
    ///
    /// @param folder where a published mix lies, or the pictures of a file of records. If empty, the working
    ///     folder; for JSON that of the records; for Parquet and tar the file itself. A manifest needs none
    public static Mixture find(String name, Optional<Path> folder) {
        if (PUBLISHED.contains(name)) {
            return named(name, folder.orElse(Path.of("")));
        }
        if (isManifest(name)) {
            var manifest = open(Path.of(name));
            if (folder.isPresent() && manifest.sources.stream().anyMatch(Source::lacksPictures)) {
                throw new AerieException("cannot take the pictures of " + name + " from " + folder.get()
                        + ": a manifest says itself where they lie; put 'pictures' beside its records");
            }
            return manifest;
        }
        var beside = Optional.ofNullable(Path.of(name).toAbsolutePath().getParent())
                .filter(_ -> name.endsWith(".json") || name.endsWith(".jsonl"));
        return of(Path.of(name), folder.or(() -> beside));
    }

    /// Whether a name is that of a manifest's file.
    public static boolean isManifest(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /// One file of records as a mixture.
    public static Mixture of(Path records, Optional<Path> pictures) {
        var name = String.valueOf(records.getFileName());
        return new Mixture(name, "", List.of(Source.whole(name, records, pictures)));
    }
}

package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.text.Template;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which training data is looked at, and how samples are made of it.
final class DataOptions {

    @Parameters(
            paramLabel = "DATA",
            description = "A manifest (.yaml), the name of a published mixture (captions-558k, llava-665k,"
                    + " sft-934k, sft-1.8m), or a file of records"
                    + " (.json, .jsonl, .parquet, .tar).")
    private String data = "";

    @Option(
            names = "--pictures",
            paramLabel = "PATH",
            description = "Where the pictures of a file of records lie: a folder, .tar files or the .tar.part_aa of a"
                    + " split one; the records' folder by default, the file itself for .parquet and .tar.")
    private @Nullable Path pictures;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the files of a published mixture lie; here by default.")
    private @Nullable Path folder;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "DIR",
            description = "Checkpoint whose tokenizer, template, picture size and longest row are used.")
    private @Nullable Path model;

    @Option(names = "--template", paramLabel = "NAME", description = "Prompt template, in place of the model's.")
    private @Nullable String template;

    @Option(names = "--max-length", paramLabel = "N", description = "Longest row, in place of the model's.")
    private @Nullable Integer maxLength;

    @Option(
            names = "--rows",
            paramLabel = "FORM",
            description = "How the questions of a record share a row: conversation (by default) or independent-turns.")
    private @Nullable String rows;

    Corpus open() {
        return Corpus.open(mixture());
    }

    private Mixture mixture() {
        boolean published = Mixture.PUBLISHED.contains(data);
        if (Mixture.isManifest(data) && (pictures != null || folder != null)) {
            throw new AerieException("--pictures and --folder are for other data: the manifest " + data
                    + " says itself where its files lie");
        }
        if (published ? pictures != null : folder != null) {
            throw new AerieException(
                    published
                            ? "--pictures is for a file of records: say with --folder where the files of " + data
                                    + " lie"
                            : "--folder is for a published mixture: say with --pictures where the pictures of " + data
                                    + " lie");
        }
        return Mixture.find(data, Optional.ofNullable(published ? folder : pictures));
    }

    /// How samples are made; empty if no model was named.
    Optional<SampleMaker> maker() {
        if (model == null && (template != null || maxLength != null || rows != null)) {
            throw new AerieException("--template, --max-length and --rows are about a model's rows: name it with -m");
        }
        return Optional.ofNullable(model).map(ShippedModels::find).map(checkpoint -> {
            var maker = SampleMaker.of(
                    checkpoint,
                    Optional.ofNullable(template).map(Template::named),
                    RowForm.named(Objects.requireNonNullElse(rows, "conversation")));
            return Optional.ofNullable(maxLength).map(maker::withMaxLength).orElse(maker);
        });
    }
}

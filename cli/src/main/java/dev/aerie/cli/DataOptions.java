package dev.aerie.cli;

import dev.aerie.text.Template;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.Mixture;
import dev.aerie.train.data.RowForm;
import dev.aerie.train.data.SampleMaker;
import java.nio.file.Path;
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
                    + " split one; the records' folder by default.")
    private @Nullable Path pictures;

    @Option(
            names = "--folder",
            defaultValue = ".",
            paramLabel = "DIR",
            description = "Where the files of a published mixture lie.")
    private Path folder = Path.of(".");

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
            defaultValue = "conversation",
            paramLabel = "FORM",
            description = "How the questions of a record share a row: conversation or independent-turns.")
    private String rows = "conversation";

    Corpus open() {
        return Corpus.open(mixture());
    }

    private Mixture mixture() {
        return Mixture.find(data, Optional.ofNullable(Mixture.PUBLISHED.contains(data) ? folder : pictures));
    }

    /// How samples are made; empty if no model was named.
    Optional<SampleMaker> maker() {
        return Optional.ofNullable(model).map(ShippedModels::find).map(checkpoint -> {
            var maker =
                    SampleMaker.of(checkpoint, Optional.ofNullable(template).map(Template::named), RowForm.named(rows));
            return Optional.ofNullable(maxLength).map(maker::withMaxLength).orElse(maker);
        });
    }
}

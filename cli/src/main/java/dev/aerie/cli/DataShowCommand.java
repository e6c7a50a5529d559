package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.image.Aspect;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import dev.aerie.train.data.Corpus;
import dev.aerie.train.data.PictureStore;
import dev.aerie.train.data.Record;
import dev.aerie.train.data.SampleMaker;
import dev.aerie.train.data.Viewing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Prints a sample as it is trained on, with what is learned in colour; needs --model for that.",
        sortOptions = false)
final class DataShowCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--index", paramLabel = "N", description = "Number of the record, from 0 on; the first by default.")
    private long index;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the record, in place of its number.")
    private @Nullable String id;

    @Option(
            names = "--picture",
            paramLabel = "FILE.png",
            description =
                    "Write the picture as the model sees it; without --model, as Eagle's models do. Of a model that"
                            + " looks at tiles, these are FILE.png, FILE-2.png and so on.")
    private @Nullable Path picture;

    @Option(names = "--color", description = "Colour the output even if it goes to no terminal.")
    private boolean colour;

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var maker = data.maker();
        try (var corpus = data.open()) {
            var at = find(corpus);
            var record = corpus.get(at);
            out.printf("%s  (record %d of %d)%n", Plain.text(corpus.id(at)), at, corpus.size());
            record.image().ifPresent(image -> out.println("picture " + Plain.text(image)));
            if (maker.isPresent()) {
                sample(maker.get().of(corpus.sources().get(corpus.sourceOf(at))), record, corpus.pictures(at), out);
            } else {
                record.conversation()
                        .forEach(message ->
                                out.println(Plain.lines(message.from()) + ": " + Plain.lines(message.value())));
            }
            if (picture != null) {
                write(maker, corpus, at, record, picture);
            }
        }
    }

    private long find(Corpus corpus) {
        if (id != null) {
            return LongStream.range(0, corpus.size())
                    .filter(i -> corpus.id(i).equals(id))
                    .findFirst()
                    .orElseThrow(() -> new AerieException("there is no record with the id '" + id + "'"));
        }
        if (index < 0 || index >= corpus.size()) {
            throw new AerieException(
                    "there is no record " + index + ": expected a number from 0 to " + (corpus.size() - 1));
        }
        return index;
    }

    private void sample(SampleMaker maker, Record record, PictureStore pictures, PrintWriter out) {
        var viewing = maker.viewing();
        int tokens = record.image()
                .filter(_ -> viewing.tiling().isPresent()) // else all have as many, and a damaged one does not matter
                .map(name -> viewing.tokens(pictures.picture(name, ReadOptions.DEFAULT)))
                .orElse(viewing.wholeTokens());
        var row = maker.row(record, tokens);
        out.printf(
                "template %s, %d positions of at most %d%s%n%n",
                maker.template().name(),
                row.positions(tokens),
                maker.maxLength(),
                row.cut() > 0 ? ", " + row.cut() + " tokens cut" : "");
        var terminal = System.console() != null && System.console().isTerminal();
        out.println(new RowText(maker, tokens, colour || terminal).of(row));
    }

    private static void write(Optional<SampleMaker> maker, Corpus corpus, long at, Record record, Path file) {
        var name = record.image()
                .orElseThrow(() -> new AerieException("cannot write a picture: record " + at + " names none"));
        var viewing = maker.map(SampleMaker::viewing).orElseGet(() -> Viewing.eagle(Aspect.PAD));
        var views = viewing.show(corpus.pictures(at).picture(name, ReadOptions.DEFAULT))
                .views();
        for (int i = 0; i < views.size(); i++) {
            Pictures.writePng(views.get(i), i == 0 ? file : numbered(file, i + 1));
        }
    }

    /// `row-2.png` for `row.png`.
    private static Path numbered(Path file, int number) {
        var name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling(
                dot < 0 ? name + "-" + number : name.substring(0, dot) + "-" + number + name.substring(dot));
    }
}

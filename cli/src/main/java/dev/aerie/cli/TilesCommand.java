package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.cli.show.TileSheet;
import dev.aerie.eagle.Progress;
import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.TileSize;
import dev.aerie.tiling.Tiles;
import dev.aerie.tiling.TilingChoice;
import dev.aerie.tiling.Tilings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "tiles",
        description = {
            "Shows what tilings make of a picture: its views, and how many tokens they take.",
            "Tiles have the size that a method was published with, or that a checkpoint takes."
        },
        sortOptions = false)
final class TilesCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(paramLabel = "PICTURE", description = "A picture's file.")
    private Path picture = Path.of("");

    @Option(
            names = "--method",
            split = ",",
            paramLabel = "NAME[:N]",
            description =
                    "Only these, with up to N tiles: llava-next, internvl, llava-uhd, 4khd, monkey; all by default.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "A PNG of all views, outlined, a block for each method.")
    private @Nullable Path output;

    @Option(names = "--json", description = "Print one JSON object per method instead of a table.")
    private boolean json;

    @ArgGroup(exclusive = false)
    private @Nullable ModelOptions model;

    /// What one method makes of the picture.
    private record Row(TilingChoice choice, TileSize tile, Tiles tiles) {

        /// The arrangement of the tiles, and whether the whole picture is looked at beside them.
        String arrangement() {
            return largest().arrangement() + (tiles.surfaces().size() > 1 ? " + whole" : "");
        }

        Tiles.Surface largest() {
            var surfaces = tiles.surfaces();
            return surfaces.stream()
                    .filter(surface -> surface.views().size() > 1)
                    .findFirst()
                    .orElse(surfaces.getLast());
        }
    }

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        var read = Pictures.read(picture);
        var checkpoint = Optional.ofNullable(model).map(TilesCommand::tile);
        var rows =
                choices().stream().map(choice -> row(choice, checkpoint, read)).toList();
        if (output != null) {
            Pictures.writePng(
                    TileSheet.of(
                            read,
                            rows.stream()
                                    .map(row -> new TileSheet.Row(title(row), row.tiles()))
                                    .toList()),
                    output);
        }
        if (json) {
            rows.forEach(row -> line.getOut().println(JsonMapper.shared().writeValueAsString(object(row))));
        } else {
            print(rows, line.getOut());
        }
    }

    private List<TilingChoice> choices() {
        return methods.isEmpty()
                ? Arrays.stream(Tilings.values())
                        .map(method -> TilingChoice.of(method.label()))
                        .toList()
                : methods.stream().map(TilingChoice::of).toList();
    }

    private static TileSize tile(ModelOptions model) {
        try (var eagle = model.open(Progress.SILENT)) {
            return eagle.model()
                    .vision()
                    .orElseThrow(() -> new AerieException("cannot tell what tiles " + model.folder()
                            + " takes: this checkpoint has no vision tower (mm_vision_tower in config.json)"))
                    .tile();
        }
    }

    private static Row row(TilingChoice choice, Optional<TileSize> checkpoint, Picture picture) {
        var tile = checkpoint.orElse(choice.method().published());
        return new Row(choice, tile, choice.make(tile).of(picture.width(), picture.height()));
    }

    private static String title(Row row) {
        int views = row.tiles().views().size();
        return "%s: %s, %d %s, %d tokens"
                .formatted(
                        row.choice().toString().replace(':', ' '),
                        row.arrangement().replace("+", "and"),
                        views,
                        views == 1 ? "view" : "views",
                        row.tiles().tokens());
    }

    private static void print(List<Row> rows, PrintWriter out) {
        out.printf("%-14s %-12s %-12s %-10s %6s %8s%n", "method", "tiles", "picture", "tile", "views", "tokens");
        for (var row : rows) {
            var view = row.largest().views().getFirst();
            out.printf(
                    "%-14s %-12s %-12s %-10s %6s %8s%n",
                    row.choice(),
                    row.arrangement(),
                    view.scaled(),
                    view.part().width() + "x" + view.part().height(),
                    Plain.count(row.tiles().views().size()),
                    Plain.count(row.tiles().tokens()));
        }
    }

    private static Map<String, Object> object(Row row) {
        var surface = row.largest();
        var view = surface.views().getFirst();
        var json = new LinkedHashMap<String, Object>();
        json.put("method", row.choice().toString());
        json.put("columns", surface.arrangement().width());
        json.put("rows", surface.arrangement().height());
        json.put("whole", row.tiles().surfaces().size() > 1);
        json.put("picture", List.of(view.scaled().width(), view.scaled().height()));
        json.put("canvas", List.of(surface.size().width(), surface.size().height()));
        json.put("tile", List.of(view.part().width(), view.part().height()));
        json.put("views", row.tiles().views().size());
        json.put("tokens", row.tiles().tokens());
        json.put("order", row.tiles().order().stream().map(TilesCommand::words).toList());
        return json;
    }

    /// A piece of the order in words, such as `views 1 to 4: 36x48 tokens, newlines`.
    private static String words(Piece piece) {
        return switch (piece) {
            case Piece.Mark.LINE, Piece.Mark.PART -> "newline";
            case Piece.Mark.NEXT -> "comma";
            case Piece.Block block ->
                (block.views().area() == 1
                                ? "view " + block.first()
                                : "views " + block.first() + " to "
                                        + (block.first() + block.views().area() - 1))
                        + ": " + block.kept().width() + "x" + block.kept().height() + " tokens"
                        + (block.lines() ? ", newlines" : "");
        };
    }
}

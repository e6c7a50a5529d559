package dev.aerie.train.report;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes one HTML page of the runs in a folder. It needs nothing but a browser: style, curves and pictures are in it,
/// and no script.
public final class Report {

    private Report() {}

    /// Writes the page of all runs at and below `folder`.
    ///
    /// @throws AerieException if there is no run, or a file of one is damaged
    public static void write(Path folder, Path file) {
        AtomicFile.write(file, html(folder));
    }

    /// The page as text.
    public static String html(Path folder) {
        var runs = read(folder);
        var name = title(folder);
        var page = new StringBuilder();
        if (runs.size() > 1) {
            page.append("<nav>\n");
            runs.forEach(run -> page.append("<a href=\"#")
                    .append(RunPage.id(run))
                    .append("\">")
                    .append(Html.text(run.name()))
                    .append("</a>\n"));
            page.append("</nav>\n");
        }
        runs.forEach(run -> page.append(new RunPage(run).html()));
        return Html.page(name, false, page.toString());
    }

    private static List<Run> read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new AerieException(
                    "cannot report on " + folder + ": there is no such folder; expected that of a run");
        }
        var runs = new ArrayList<Run>();
        for (var each : RunFolder.runs(folder)) {
            var name = folder.relativize(each.root()).toString();
            runs.add(Run.read(each, name.isEmpty() ? title(folder) : name));
        }
        if (runs.isEmpty()) {
            throw new AerieException("cannot report on " + folder
                    + ": no run was logged there; expected a folder with log.jsonl, or folders of runs");
        }
        var stages = stages(folder);
        runs.sort(Comparator.comparingInt(run -> place(stages, run.name())));
        return runs;
    }

    /// The stages of the folder's recipe, which say in which order its runs were made.
    private static List<String> stages(Path folder) {
        var recipe = new RunFolder(folder).recipe();
        return Files.exists(recipe)
                ? Recipe.open(recipe, List.of()).stages().stream()
                        .map(Stage::name)
                        .toList()
                : List.of();
    }

    private static int place(List<String> stages, String run) {
        int index = stages.indexOf(run.split("[/\\\\]")[0]);
        return index < 0 ? stages.size() : index;
    }

    private static String title(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }
}

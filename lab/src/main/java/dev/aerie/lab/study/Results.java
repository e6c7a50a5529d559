package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.vision.Experts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What came of studies, without weights: `STUDY-FORM/study.json` with the plan, `STUDY-FORM/CELL-SEED.json` for each
/// cell, and `works/KEY.json` for each work, which cells name by its key. What was done in a short form, or with other
/// settings, lies beside the rest in a folder of its own, see [Study#form].
///
/// @param root folder
record Results(Path root) {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final String PLAN = "study.json";

    /// A cell as it is written.
    ///
    /// @param place  its value on each axis
    /// @param set    its settings of the recipe
    /// @param works  keys of all it took, in order; the last is its score
    record Line(Map<String, String> place, String towers, List<String> set, int seed, List<String> works) {

        String name() {
            return Cell.name(place);
        }

        String score() {
            return works.getLast();
        }

        /// What was scored.
        String model() {
            return works.get(works.size() - 2);
        }
    }

    /// A study in one form.
    ///
    /// @param folder its name
    /// @param plan   the newest of this form, with the most seeds of all
    record Form(String folder, StudyPlan plan) {}

    /// A work as it is written.
    ///
    /// @param settings all that decides on it, beside the inputs
    /// @param inputs   keys
    record Entry(String key, String settings, List<String> inputs, Made made) {}

    /// The mean of the families' shares, each counting the same.
    static double average(Made score) {
        return score.scores().values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    /// Writes a cell that is done and what it took. Files that are there already say the same and stay.
    void write(Study study, Cell cell, Store store) {
        var chain = cell.work().chain();
        for (var work : chain) {
            var file = file(work);
            if (!Files.exists(file)) {
                var inputs = work.inputs().stream().map(Work::key).toList();
                write(
                        file,
                        new Entry(
                                work.key(),
                                work.task().settings(),
                                inputs,
                                store.find(work).orElseThrow()));
            }
        }
        var folder = root.resolve(study.plan().name() + "-" + study.form());
        writePlan(folder.resolve(PLAN), study.plan());
        var keys = chain.stream().map(Work::key).toList();
        write(
                folder.resolve(slug(cell.name()) + "-" + cell.seed() + ".json"),
                new Line(cell.place(), cell.towers(), cell.set(), cell.seed(), keys));
    }

    /// Whoever runs a grid with fewer seeds again does not hide those that are there.
    private static void writePlan(Path file, StudyPlan plan) {
        if (!Files.exists(file)) {
            write(file, plan);
            return;
        }
        var before = read(file, StudyPlan.class);
        var now = plan.shorter(Math.max(plan.seeds(), before.seeds()), plan.budget(), plan.own(), plan.pictures());
        if (!before.equals(now)) {
            write(file, now);
        }
    }

    private Path file(Work work) {
        return root.resolve("works").resolve(work.key() + ".json");
    }

    boolean has(Work work) {
        return Files.exists(file(work));
    }

    /// What came of a work, if that was written.
    Optional<Made> find(Work work) {
        return has(work) ? Optional.of(read(file(work), Entry.class).made) : Optional.empty();
    }

    /// A name as a part of a file's.
    static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static void write(Path file, Object value) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new AerieException("cannot write " + file + " (" + e + "); check permissions", e);
        }
        AtomicFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            return MAPPER.readValue(file.toFile(), type);
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read the results " + file + " (" + e.getOriginalMessage() + "); make them again", e);
        }
    }

    /// The studies that there are, in the order of the shipped ones, the longest form first.
    List<Form> forms() {
        var forms = new ArrayList<Form>();
        for (var folder : list(root)) {
            if (Files.exists(folder.resolve(PLAN))) {
                forms.add(new Form(folder.getFileName().toString(), read(folder.resolve(PLAN), StudyPlan.class)));
            }
        }
        forms.sort(Comparator.<Form>comparingInt(form -> place(PlanReader.SHIPPED, form.plan.name()))
                .thenComparing(form -> form.plan.name())
                .thenComparing(form -> -form.plan.budget() * form.plan.own()));
        if (forms.isEmpty()) {
            throw new AerieException("cannot report on " + root
                    + ": there are no results of a study; expected the folder that 'aerie study' wrote them to");
        }
        return forms;
    }

    private static int place(List<String> order, String name) {
        int place = order.indexOf(name);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    /// The cells of a study with the seeds of its plan: a grid's in its order, a search's by their number of experts.
    List<Line> cells(Form form) {
        var order = form.plan.names();
        var lines = new ArrayList<Line>();
        for (var file : list(root.resolve(form.folder))) {
            if (!file.endsWith(PLAN) && file.toString().endsWith(".json")) {
                var line = read(file, Line.class);
                if (line.seed <= form.plan.seeds()) {
                    lines.add(line);
                }
            }
        }
        lines.sort(Comparator.<Line>comparingInt(line -> place(order, line.name()))
                .thenComparingInt(line -> Experts.parse(line.towers).size())
                .thenComparing(Line::name)
                .thenComparingInt(Line::seed));
        return lines;
    }

    /// All works by their keys.
    Map<String, Entry> works() {
        var works = new TreeMap<String, Entry>();
        for (var file : list(root.resolve("works"))) {
            var entry = read(file, Entry.class);
            works.put(entry.key(), entry);
        }
        return works;
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AerieException("cannot read " + folder + " (" + e + ")", e);
        }
    }
}

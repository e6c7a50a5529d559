package dev.aerie.lab.study;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/// Does what is missing of some studies, work by work. Several processes can do the same studies in the same folder:
/// each takes works that nobody else has. What is finished is not done again, nor is a cell whose score is among the
/// results, though its weights were left on another machine; what was interrupted goes on from its newest snapshot. A
/// work that cannot be made stops only what needs it.
///
/// @param folder  for works that are under way and their weights
/// @param results folder for what came of works and cells, see [Results]
/// @param say     hears lines of progress
/// @param done    hears a line for each cell that is done
public record StudyRun(List<Study> studies, Path folder, Path results, Consumer<String> say, Consumer<String> done) {

    private static final Duration WAIT = Duration.ofMillis(500);

    public StudyRun {
        studies = List.copyOf(studies);
    }

    private Store store() {
        return new Store(folder);
    }

    /// Works until all cells are done that can be.
    ///
    /// @return a line for each work that could not be made; it is tried again by the next run
    public List<String> run() throws InterruptedException {
        tidy();
        var written = new HashSet<String>();
        var failed = new LinkedHashMap<String, String>();
        while (true) {
            failed.keySet().removeIf(key -> store().isDone(key)); // another process could make it
            var missing = missing(failed.keySet());
            publish(written);
            // looked at twice: the score that another process has just finished may ask for a search's next round
            if (missing.isEmpty() && missing(failed.keySet()).isEmpty()) {
                return List.copyOf(failed.values());
            }
            if (!oneOf(missing, failed)) {
                Thread.sleep(WAIT);
            }
        }
    }

    /// Tries the first work that can be made and that nobody else is making.
    private boolean oneOf(List<Work> missing, Map<String, String> failed) {
        for (var work : missing) {
            if (!work.inputs().stream().allMatch(store()::isDone)) {
                continue;
            }
            try (var claim = store().claim(work).orElse(null)) {
                if (claim != null && !store().isDone(work)) {
                    make(work, failed);
                    return true;
                }
            }
        }
        return false;
    }

    private void make(Work work, Map<String, String> failed) {
        try {
            maker().make(work);
        } catch (RuntimeException e) {
            var why = e instanceof AerieException ? e.getMessage() : e.toString();
            var line = work.key() + " " + work.title() + ": " + why;
            failed.put(work.key(), line);
            say.accept(line);
        }
    }

    /// Whoever was killed between the end of a work and its cleaning left what it would have gone on from.
    private void tidy() {
        for (var study : studies) {
            for (var cell : study.cells(this::score)) {
                for (var work : cell.work().chain()) {
                    if (store().isDone(work)) {
                        try (var claim = store().claim(work).orElse(null)) {
                            if (claim != null) {
                                maker().removeSnapshots(work);
                            }
                        }
                    }
                }
            }
        }
    }

    private Maker maker() {
        return new Maker(store(), say);
    }

    /// What is still to be made and does not need what failed.
    private List<Work> missing(Set<String> failed) {
        return missing().stream()
                .filter(work -> work.chain().stream().noneMatch(each -> failed.contains(each.key())))
                .toList();
    }

    /// What is still to be made, each work once: of all studies the cells with the first seed, then those with the
    /// next, so that what there is at any time says something of everything.
    private List<Work> missing() {
        var missing = new LinkedHashMap<String, Work>();
        studies.stream()
                .flatMap(study -> study.cells(this::score).stream())
                .filter(cell -> !isKnown(cell))
                .sorted(Comparator.comparingInt(Cell::seed))
                .flatMap(cell -> cell.work().chain().stream())
                .filter(work -> !store().isDone(work))
                .forEach(work -> missing.putIfAbsent(work.key(), work));
        return List.copyOf(missing.values());
    }

    /// Whether nothing is left to make of a cell: what came of all that it took is here or among the results.
    private boolean isKnown(Cell cell) {
        return cell.work().chain().stream().allMatch(work -> store().isDone(work) || new Results(results).has(work));
    }

    /// What came of a work here, or elsewhere if that is among the results.
    private Optional<Made> known(Work work) {
        return store().find(work).or(() -> new Results(results).find(work));
    }

    /// The mean of the families' shares.
    private OptionalDouble score(Work work) {
        return known(work).map(Results::average).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private void publish(Set<String> written) {
        for (var study : studies) {
            for (var cell : study.cells(this::score)) {
                if (isKnown(cell) && written.add(study.form() + cell.name() + cell.seed())) {
                    new Results(results).write(study, cell, store());
                    done.accept(String.format(
                            Locale.ROOT,
                            "%s: %s, seed %d: %.1f",
                            study.plan().name(),
                            cell.name(),
                            cell.seed(),
                            100 * score(cell.work()).orElse(0)));
                }
            }
        }
    }

    /// What it all takes: a line for each study, then the whole.
    public List<String> plan() {
        return new StudyCost(studies, store(), this::isKnown, this::known).lines();
    }
}

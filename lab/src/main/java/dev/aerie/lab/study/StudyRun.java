package dev.aerie.lab.study;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/// Does what is missing of some studies, work by work. Several processes can do the same studies in the same folder:
/// each takes works that nobody else has. What is finished is not done again; what was interrupted goes on from its
/// newest snapshot.
///
/// @param folder  for works that are under way and their weights
/// @param results folder for what came of works and cells, see [Results]
/// @param say     hears lines of progress
public record StudyRun(List<Study> studies, Path folder, Path results, Consumer<String> say) {

    private static final Duration WAIT = Duration.ofMillis(500);

    public StudyRun {
        studies = List.copyOf(studies);
    }

    private Store store() {
        return new Store(folder);
    }

    /// Works until all cells are done.
    public void run() throws InterruptedException {
        var written = new HashSet<String>();
        while (true) {
            publish(written);
            var missing = missing();
            if (missing.isEmpty()) {
                return;
            }
            if (!oneOf(missing)) {
                Thread.sleep(WAIT);
            }
        }
    }

    /// Makes the first work that can be made and that nobody else is making.
    private boolean oneOf(List<Work> missing) {
        var maker = new Maker(store(), say);
        for (var work : missing) {
            if (!work.inputs().stream().allMatch(store()::isDone)) {
                continue;
            }
            try (var claim = store().claim(work).orElse(null)) {
                if (claim != null && !store().isDone(work)) {
                    maker.make(work);
                    return true;
                }
            }
        }
        return false;
    }

    /// In the order of the cells, each once.
    private List<Work> missing() {
        var missing = new LinkedHashMap<String, Work>();
        for (var study : studies) {
            for (var cell : study.cells(this::score)) {
                if (!store().isDone(cell.work())) {
                    cell.work().chain().stream()
                            .filter(work -> !store().isDone(work))
                            .forEach(work -> missing.putIfAbsent(work.key(), work));
                }
            }
        }
        return List.copyOf(missing.values());
    }

    /// The mean of the families' shares.
    private OptionalDouble score(Work work) {
        return store().find(work).map(Results::average).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private void publish(Set<String> written) {
        for (var study : studies) {
            for (var cell : study.cells(this::score)) {
                if (store().isDone(cell.work())
                        && written.add(study.plan().name() + cell.work().key())) {
                    new Results(results).write(study, cell, store());
                    say.accept("%s: %s, seed %d: %.1f"
                            .formatted(
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
        return new StudyCost(studies, store(), this::score).lines();
    }
}

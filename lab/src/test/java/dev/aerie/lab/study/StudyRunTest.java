package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole study in the fewest steps. What it says is noise.
class StudyRunTest {

    private static final Study TINY = new Study(PlanReader.parse("tiny", """
            study: tiny
            towers: det-1024
            pictures: 8
            seeds: 1
            budget: 0.0001
            set: [variant=no-pre-align, precision=float32, batch.global=2, batch.micro=2, validation.count=2, keep.every=1]
            grid:
              training:
                frozen: [fine-tune.learn.experts=0]
                unfrozen: []
                again: [fine-tune.learn.experts=0]
            paper: { frozen: 1, unfrozen: 2 }
            findings: [{ claim: experts should learn, more: [unfrozen], less: [frozen] }]
            """));

    @TempDir
    Path folder;

    private StudyRun run(String name, Consumer<String> say) {
        return new StudyRun(List.of(TINY), folder.resolve(name), folder.resolve(name + "-results"), say, say);
    }

    @Test
    void isDoneOnceAndGoesOnWhereItWasKilled() throws Exception {
        var said = new ArrayList<String>();
        var whole = run("whole", said::add);
        assertThat(whole.plan()).anyMatch(line -> line.matches("tiny +3 +11 +0 .*"));
        assertThat(whole.run()).isEmpty();
        assertThat(said)
                .filteredOn(line -> line.matches("tiny: (frozen|unfrozen|again), seed 1: .*"))
                .hasSize(3);
        assertThat(whole.plan()).anyMatch(line -> line.matches("tiny +3 +11 +11 .* 0.00"));

        var times = times(folder.resolve("whole"));
        var left = Files.createDirectories(new Store(folder.resolve("whole"))
                .folder(work("expert det-1024"))
                .resolve("snapshots/1"));
        assertThat(run("whole", said::add).run()).isEmpty();
        assertThat(left.getParent()).doesNotExist();
        assertThat(times(folder.resolve("whole"))).isEqualTo(times);

        aCellAmongTheResultsIsNotDoneAgain();
        goesOnWhereItWasKilled();
        reports();
        aDamagedResultIsNamed();
    }

    private void aCellAmongTheResultsIsNotDoneAgain() throws Exception {
        var said = new ArrayList<String>();
        var elsewhere = new StudyRun(
                List.of(TINY), folder.resolve("elsewhere"), folder.resolve("whole-results"), said::add, said::add);
        assertThat(elsewhere.plan()).anyMatch(line -> line.matches("tiny +3 +11 +11 .* 0.00"));
        assertThat(elsewhere.run()).isEmpty();
        assertThat(said).hasSize(3).allMatch(line -> line.matches("tiny: (frozen|unfrozen|again), seed 1: .*"));
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    private static Work work(String title) {
        return TINY.cells(_ -> OptionalDouble.empty()).getFirst().work().chain().stream()
                .filter(work -> work.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private void goesOnWhereItWasKilled() throws Exception {
        int[] works = {3}; // the third work dies in its last step, with a snapshot of the one before
        var said = new ArrayList<String>();
        var killed = run("killed", line -> {
            said.add(line);
            if (line.contains("step 2 of 2") && --works[0] == 0) {
                throw new AssertionError("killed");
            }
        });
        // What all cells need cannot be written, after its last step: the rest goes on.
        var store = new Store(folder.resolve("killed"));
        var expert = work("expert det-1024");
        var inTheWay = Files.createDirectories(store.result(expert).resolve("in the way"));
        assertThatThrownBy(killed::run).hasMessage("killed");
        assertThat(killed.run()).singleElement().asString().startsWith(expert.key() + " expert det-1024: cannot write");
        assertThat(store.isDone(work("pages"))).isTrue();
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());

        // What the first cell needs alone: the other is done.
        Files.createDirectories(store.folder(work("fine-tune")));
        Files.writeString(store.result(work("fine-tune")), "in the way");
        assertThat(killed.run()).singleElement().asString().contains(" fine-tune: ");
        assertThat(said)
                .anyMatch(line -> line.startsWith("tiny: unfrozen, seed 1:"))
                .noneMatch(line -> line.startsWith("tiny: frozen"));
        assertThat(store.find(expert).orElseThrow().scores()).isNotEmpty();
        Files.delete(store.result(work("fine-tune")));

        assertThat(killed.run()).isEmpty();
        assertThat(weights("killed")).hasSize(9).isEqualTo(weights("whole"));
    }

    private void reports() {
        var page = StudyReport.html(folder.resolve("whole-results"));
        assertThat(page)
                .contains("3 of 3 cells are done")
                .contains("fewer than three seeds")
                .contains("The paper has unfrozen above frozen (by 1.0)")
                .contains("frozen → unfrozen")
                .contains("<th scope=\"row\">experts should learn</th>")
                .contains("(too few seeds)")
                .contains("easy-world-notes")
                .doesNotContain("<script");
        var store = new Store(folder.resolve("whole"));
        for (var cell : TINY.cells(_ -> OptionalDouble.empty())) {
            for (var work : cell.work().chain()) {
                if (work.task().steps() > 0) {
                    assertThat(page).contains("id=\"" + work.key() + "\"");
                    assertThat(store.find(work).orElseThrow().loss()).hasSize(2);
                }
            }
        }
    }

    private void aDamagedResultIsNamed() throws IOException {
        var score = TINY.cells(_ -> OptionalDouble.empty()).getFirst().work();
        var file = folder.resolve("whole-results/works").resolve(score.key() + ".json");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> StudyReport.html(folder.resolve("whole-results")))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> StudyReport.html(folder)).hasMessageContaining("there are no results of a study");
    }

    private static Map<Path, FileTime> times(Path store) throws IOException {
        var times = new TreeMap<Path, FileTime>();
        try (var files = Files.walk(store)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                times.put(store.relativize(file), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    /// The bytes of all weights, by their places.
    private Map<Path, List<Byte>> weights(String store) throws IOException {
        var weights = new TreeMap<Path, List<Byte>>();
        try (var files = Files.walk(folder.resolve(store))) {
            for (var file : files.filter(each -> each.toString().endsWith(".safetensors"))
                    .toList()) {
                var bytes = new ArrayList<Byte>();
                for (byte each : Files.readAllBytes(file)) {
                    bytes.add(each);
                }
                weights.put(folder.resolve(store).relativize(file), bytes);
            }
        }
        return weights;
    }

    @Test
    void aClaimedWorkIsLeftAlone() {
        var store = new Store(folder);
        var work = TINY.cells(_ -> OptionalDouble.empty())
                .getFirst()
                .work()
                .chain()
                .getFirst();
        try (var claim = store.claim(work).orElseThrow()) {
            assertThat(claim).isNotNull();
            assertThat(store.claim(work)).isEmpty();
        }
        try (var again = store.claim(work).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }
}

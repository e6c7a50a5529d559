package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Results as they are written and reported, of works that nothing was trained for.
class ResultsTest {

    private static final Function<Work, OptionalDouble> ANY = _ -> OptionalDouble.of(0.5);

    private static final String GRID = """
            study: works
            title: Mine
            towers: det-1024
            seeds: 3
            set: [variant=no-pre-align]
            grid:
              training:
                frozen: [fine-tune.learn.experts=0]
                unfrozen: []
            paper: { frozen: 650.5 }
            """;

    @TempDir
    Path folder;

    private static Study study(String yaml) {
        return new Study(PlanReader.parse("mine", yaml));
    }

    private Path results() {
        return folder.resolve("results");
    }

    /// Writes all cells of a study with the same answers.
    private void write(Study study, int pictures) {
        write(study, _ -> scored(pictures, 1, List.of()));
    }

    /// Writes all cells of a study.
    ///
    /// @param score by the cell
    private void write(Study study, Function<Cell, Made> score) {
        var store = new Store(folder);
        for (var cell : study.cells(ANY)) {
            for (var work : cell.work().chain()) {
                if (!store.isDone(work)) {
                    store.claim(work).orElseThrow().close();
                    store.finish(work, work.task() instanceof Task.Score ? score.apply(cell) : made(work));
                }
            }
            new Results(results()).write(study, cell, store);
        }
    }

    private static Made made(Work work) {
        return new Made(work.title(), 1, 1, 1, List.of(), Map.of(), Map.of(), List.of());
    }

    /// Of two questions about each picture so many are answered right.
    private static Made scored(int pictures, int right, List<Listening.Map> listening) {
        return new Made(
                "score",
                1,
                0,
                0,
                List.of(),
                Map.of("gqa", right / 2.0),
                Map.of("gqa", new Made.Answers(Integer.toString(right).repeat(pictures), "2".repeat(pictures))),
                listening);
    }

    private String page() {
        return StudyReport.html(results());
    }

    @Test
    void formsOfAStudyLieSideBySide() {
        var study = study(GRID);
        write(study.quick(), 8);
        write(study, 12);
        write(study.quick().seeds(3), 8); // as many seeds, and fewer pictures
        assertThat(page())
                .containsOnlyOnce("<h2>Mine <")
                .containsOnlyOnce("<h2>Mine, 0.18 of the steps <")
                .containsSubsequence("6 of 6 cells are done; each is scored on 12 pictures")
                .containsSubsequence("6 of 6 cells are done; each is scored on 8 pictures");
    }

    @Test
    void seedsAreAddedAndNotTakenAway() {
        var study = study(GRID);
        write(study.seeds(1), 12);
        assertThat(page())
                .containsSubsequence(
                        "2 of 2 cells are done, some with fewer than three seeds",
                        "scored on 12 pictures. Settings of all: variant=no-pre-align.");
        write(study.seeds(2), 12);
        assertThat(page()).contains("4 of 4 cells are done, some with fewer than three seeds");
        write(study, 12);
        var all = page();
        assertThat(all).contains("6 of 6 cells are done; each");
        write(study.seeds(1), 12);
        assertThat(page()).isEqualTo(all);
        write(study(GRID.replace("title: Mine", "title: Yours")).seeds(2), 12);
        assertThat(page()).contains("<h2>Yours <").contains("6 of 6 cells are done; each");
    }

    /// Of those with as many experts, the cell that is best is shown.
    @Test
    void mapsAreOfTheBestCellWithTheMostExperts() {
        var one = new Listening.Map(1, "first", "0z");
        var two = new Listening.Map(1, "second", "z0");
        var grid = "{study: works, seeds: 2, grid: {a: {'x': [], 'y<': [fine-tune.clip=2], z: [fine-tune.clip=3]}}}";
        write(study(grid), cell -> switch (cell.name()) {
            case "x" -> scored(4, 0, List.of(one, two));
            case "y<" -> scored(4, 1, List.of(one, two));
            default -> scored(4, 2, List.of(one));
        });
        assertThat(page()).contains("Of the cell y&lt;, seed 1:").containsOnlyOnce("Of the cell ");
    }

    @Test
    void everyCellsSettingsAreOnThePage() {
        write(study("""
                study: works
                seeds: 1
                set: [variant=no-pre-align]
                grid:
                  a:
                    plain: []
                    two: { towers: clip-448;det-1024, set: ["projector.from.fusion={method: sva, grid: 8}"] }
                    name: [fine-tune.data.folder=<b>]
                """), 4);
        assertThat(page())
                .contains("<th scope=\"row\">plain</th><td>clip-448</td><td>variant=no-pre-align</td>")
                .contains("<th scope=\"row\">two</th><td>clip-448;det-1024</td>"
                        + "<td>variant=no-pre-align, projector.from.fusion={method: sva, grid: 8}</td>")
                .contains("fine-tune.data.folder=&lt;b&gt;</td>")
                .doesNotContain("<b>");
    }

    @Test
    void everyLinkLeadsToAPlaceOfThePage() {
        write(study(GRID), 12);
        var page = page();
        var links = Pattern.compile("href=\"#([^\"]*)\"")
                .matcher(page)
                .results()
                .map(link -> link.group(1))
                .toList();
        assertThat(links)
                .hasSizeGreaterThan(20)
                .allSatisfy(link -> assertThat(page).contains("id=\"" + link + "\""));
    }

    @Test
    void oneFigureOfThePaperIsShown() {
        write(study(GRID), 12);
        assertThat(page()).contains("650.5").contains("Of one cell alone").doesNotContain("not known to us");
    }

    /// A recipe may change, or be gone, after its results were kept.
    @Test
    void aReportNeedsNoRecipe() throws IOException {
        write(study(GRID), 12);
        var file = results().resolve("works-" + study(GRID).form()).resolve("study.json");
        var plan = Files.readString(file);
        assertThat(plan).contains("\"recipe\" : \"study\"");
        Files.writeString(file, plan.replace("\"recipe\" : \"study\"", "\"recipe\" : \"gone.yaml\""));
        assertThat(page()).contains("6 of 6 cells are done").containsSubsequence(">frozen<", ">unfrozen<");
    }

    @Test
    void aSearchIsPairedWhereOneExpertIsAdded() {
        write(study("""
                study: mine
                towers: clip-448
                seeds: 1
                set: [variant=no-pre-align]
                search: [sam-1024, det-1024]
                paper: { best of 1: 1, best of 2: 3, best of 3: 2 }
                findings:
                  - { claim: a second helps, more: [best of 2], less: [best of 1] }
                """), 12);
        assertThat(page())
                .contains("4 of 4 cells are done")
                .contains("A search chooses on the pictures that it is reported on")
                .contains(">clip → clip + sam<", ">clip → clip + det<", ">clip + det → clip + sam + det<")
                .contains("Round by round", "best of 2: clip + ", "The paper has best of 2 above best of 3 (by 1.0)")
                .contains("a second helps")
                .doesNotContain("not run")
                .doesNotContain(">clip → clip + sam + det<")
                .doesNotContain(">clip + det → clip + sam<");
    }
}

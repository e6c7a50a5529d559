package dev.aerie.lab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Cells of plans and the names of their works. Nothing is trained.
class StudyTest {

    private static final Function<Work, OptionalDouble> NOTHING = _ -> OptionalDouble.empty();

    private static final String GRID = """
            study: mine
            towers: clip-448;convnext-1024
            seeds: 2
            grid:
              training:
                frozen: [fine-tune.learn.experts=0]
                unfrozen: []
              fusion:
                concat: [projector.from.fusion=channel-concat]
                sequence: [projector.from.fusion=sequence-append]
            """;

    private static List<Cell> cells(String yaml) {
        return new Study(PlanReader.parse("mine", yaml)).cells(NOTHING);
    }

    private static List<String> titles(Cell cell) {
        return cell.work().chain().stream().map(Work::title).toList();
    }

    private static Work work(Cell cell, String title) {
        return cell.work().chain().stream()
                .filter(work -> work.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGridHasEveryCombinationForEverySeed() {
        var cells = cells(GRID);
        assertThat(cells).hasSize(8);
        assertThat(cells.stream().filter(cell -> cell.seed() == 2).map(Cell::name))
                .containsExactly("frozen, concat", "frozen, sequence", "unfrozen, concat", "unfrozen, sequence");
        assertThat(titles(cells.getFirst()))
                .containsSubsequence(
                        "vocabulary", "notes", "pages", "pre-align convnext-1024", "projector", "fine-tune");
        assertThat(titles(cells.getFirst())).containsSubsequence("expert clip-448", "pre-align clip-448", "score");
    }

    @Test
    void whatCellsHaveInCommonIsOneWork() {
        var cells = cells(GRID);
        var frozen = cells.get(0);
        var unfrozen = cells.get(2);
        for (var title : List.of("vocabulary", "expert clip-448", "pages", "pre-align clip-448", "projector")) {
            assertThat(work(frozen, title).key())
                    .isEqualTo(work(unfrozen, title).key());
        }
        assertThat(work(frozen, "fine-tune").key())
                .isNotEqualTo(work(unfrozen, "fine-tune").key());
        assertThat(frozen.work().key()).isNotEqualTo(unfrozen.work().key());
        var sequence = cells.get(1);
        assertThat(work(sequence, "pre-align clip-448").key())
                .isEqualTo(work(frozen, "pre-align clip-448").key());
        assertThat(work(sequence, "projector").key())
                .isNotEqualTo(work(frozen, "projector").key());
    }

    @Test
    void aSeedChangesWhatComesAfterTheDecoderAndTheExpertsAlone() {
        var cells = cells(GRID);
        for (var title : List.of("expert clip-448", "notes", "pages")) {
            assertThat(work(cells.get(0), title).key())
                    .isEqualTo(work(cells.get(4), title).key());
        }
        for (var title : List.of("pre-align clip-448", "projector", "fine-tune", "score")) {
            assertThat(work(cells.get(0), title).key())
                    .isNotEqualTo(work(cells.get(4), title).key());
        }
    }

    @Test
    void namesDoNotChangeFromRunToRun() {
        var cell = cells(GRID).getFirst();
        assertThat(work(cell, "vocabulary").key())
                .isEqualTo(cells(GRID).get(3).work().chain().getFirst().key());
        var keys = cell.work().chain().stream().map(Work::key).toList();
        assertThat(new HashSet<>(keys)).hasSameSizeAs(keys);
        assertThat(keys).allMatch(key -> key.matches("[0-9a-f]{16}"));
        assertThat(work(cell, "vocabulary").task().settings()).contains("global=[0, 1]"); // sets in order
    }

    /// Each round keeps the best of those that are left, by the mean over the seeds.
    @Test
    void aSearchFollowsItsScores() {
        var study = new Study(PlanReader.parse("mine", """
                study: mine
                towers: clip-448
                seeds: 2
                search: [convnext-1024, sam-1024, det-1024]
                """));
        assertThat(names(study.cells(NOTHING))).containsExactly("clip", "clip + convnext", "clip + sam", "clip + det");
        Function<Work, OptionalDouble> known = score -> {
            var towers = score.chain().stream().map(Work::title).collect(Collectors.joining());
            return OptionalDouble.of((towers.contains("sam") ? 0.2 : 0) + (towers.contains("det") ? 0.1 : 0));
        };
        assertThat(names(study.cells(known)))
                .containsExactly(
                        "clip",
                        "clip + convnext",
                        "clip + sam",
                        "clip + det",
                        "clip + sam + convnext",
                        "clip + sam + det",
                        "clip + sam + det + convnext");
        assertThat(study.cells(known)).hasSize(study.plan().count());
    }

    /// What is planned before anything is done has as many works as what comes of it.
    @Test
    void aSearchIsPlannedToItsEnd(@TempDir Path folder) {
        var study = new Study(PlanReader.parse("mine", """
                study: mine
                towers: clip-448
                seeds: 1
                set: [variant=no-pre-align]
                search: [sam-1024, det-1024]
                """));
        Function<Work, OptionalDouble> known = _ -> OptionalDouble.of(0.5);
        var works = study.cells(known).stream()
                .flatMap(cell -> cell.work().chain().stream())
                .distinct()
                .toList();
        long steps = works.stream().mapToLong(work -> work.task().steps()).sum();
        assertThat(new StudyCost(List.of(study), new Store(folder), _ -> false, _ -> Optional.empty()).lines())
                .anyMatch(line -> line.matches("mine +4 +%d +0 +%d +[0-9.]+".formatted(works.size(), steps)));
    }

    @Test
    void aFormIsAllThatDecidesOnTheCells() {
        var plan = PlanReader.parse("mine", GRID);
        var form = new Study(plan).form();
        assertThat(form).matches("[0-9a-f]{8}");
        assertThat(new Study(plan).seeds(5).form()).isEqualTo(form);
        assertThat(new Study(PlanReader.parse("mine", GRID + "title: Another\npaper: { 'frozen, concat': 1 }\n"))
                        .form())
                .isEqualTo(form);
        assertThat(new Study(plan).quick().form()).isNotEqualTo(form);
        assertThat(new Study(plan.with(List.of("fine-tune.clip=2"))).form()).isNotEqualTo(form);
        var search = new Study(PlanReader.parse("mine", "{study: mine, seeds: 2, search: [sam-1024]}"));
        assertThat(search.seeds(1).form()).isNotEqualTo(search.form());
    }

    /// All that the miniature has, from their own tasks or pre-aligned.
    @ParameterizedTest
    @ValueSource(strings = {"", "variant=no-pre-align"})
    void everyExpertOfTheMiniatureCanBeStudied(String set) {
        var cells = cells("""
                study: mine
                towers: eva-clip-336
                seeds: 1
                set: [%s]
                search: [internvit-448, clip-448, convnext-1024, sam-1024, det-1024, pix2struct-1024, dinov2-448]
                """.formatted(set));
        assertThat(cells).hasSize(8);
        assertThat(titles(cells.get(1))).contains("expert eva-clip-336", "expert internvit-448");
        // what a cell has nothing of is no part of its name
        assertThat(work(cells.get(1), "projector").task().settings())
                .contains("eva-clip-336", "internvit-448")
                .doesNotContain("dinov2-448");
    }

    private static List<String> names(List<Cell> cells) {
        return cells.stream().map(Cell::name).distinct().toList();
    }

    static List<String> shipped() {
        return Study.shipped();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void shippedPlansCanBeRead(String name) {
        var study = Study.find(name, List.of());
        assertThat(study.plan().name()).isEqualTo(name);
        assertThat(study.plan().seeds()).isGreaterThanOrEqualTo(3);
        assertThat(study.plan().about()).isNotBlank();
        var cells = names(study.cells(NOTHING));
        assertThat(study.plan().paper().keySet())
                .allMatch(
                        cell -> study.plan().search().isEmpty() ? cells.contains(cell) : cell.matches("best of [1-6]"));
        assertThat(study.quick().cells(NOTHING))
                .hasSizeLessThan(study.cells(NOTHING).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            grid: { a: { b: [] } }                                    | study is '', expected lower-case letters
            study: mine                                               | grid is 'nothing', expected either a grid or a search
            {study: mine, grdi: {}}                                   | has the key 'grdi'
            {study: mine, grid: {a: {b: []}}, search: [sam-1024]}     | either a grid or a search
            {study: mine, grid: {a: []}}                              | grid.a is '[]', expected values
            {study: mine, grid: {a: {b: {twoers: x}}}}                | grid.a.b has the key 'twoers'
            {study: mine, grid: {a: {b: [1]}}}                        | expected a list of texts
            {study: mine, grid: {a: {b: []}}, findings: [{more: [c], less: [b]}]} | findings is 'c', expected one of the cells [b]
            {study: mine, grid: {a: {b: []}}, paper: {c: 1}}          | paper is 'c', expected one of the cells [b]
            {study: mine, search: [sam-1024], paper: {best of 3: 1}}  | paper is 'best of 3', expected best of 1 to best of 2
            {study: mine, search: [sam-1024], paper: {clip + det: 1}} | or a set of experts such as clip + sam
            {study: mine, search: [sam-1024], paper: {clip + sam + sam: 1}} | paper is 'clip + sam + sam'
            {study: mine, search: [sam-1024], findings: [{more: [sam], less: [clip]}]} | findings is 'sam', expected best of 1
            {study: mine, grid: {a: {b: []}}, findings: 3}            | findings is '3', expected a list of claims
            {study: mine, grid: {a: {b: []}}, findings: [{more: [b]}]} | names of cells as more and as less
            {study: mine, seeds: 0, grid: {a: {b: []}}}               | seeds is '0', expected a number from 1
            {study: mine, grid: {a: {b: {towers: clop-448}}}}         | clop-448
            {study: mine, search: [sam-1024, sam-1024]}               | each expert once, and none of towers: not sam-1024
            {study: mine, towers: clip-448, search: [clip-448]}       | each expert once, and none of towers: not clip-448
            {study: mine, grid: {a: {'<5': [], '>5': []}}}            | a name with other letters or digits than '<5'
            {study: mine, grid: {a: {x: [], x-y: []}, b: {y-z: [], z: []}}} | grid is 'x-y, z', expected a name
            {study: mine                                              | it is not YAML
            """)
    void aPlanThatCannotBeMeantIsRefused(String yaml, String said) {
        assertThatThrownBy(() -> PlanReader.parse("mine", yaml))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(said);
    }

    /// The order in which experts stay is not known before.
    @Test
    void whatASearchMayComeToIsNamed() {
        var plan = PlanReader.parse("mine", """
                study: mine
                towers: clip-448;det-1024
                search: [sam-1024, dinov2-448]
                paper: { best of 2: 1, best of 4: 2, clip + det: 3, clip + det + sam: 4, clip + det + dinov2 + sam: 5 }
                """);
        assertThat(plan.paper()).hasSize(5);
    }

    @Test
    void aGridThatIsTooLargeIsRefused() {
        var values = IntStream.range(0, 22).mapToObj(i -> "v" + i + ": []").collect(Collectors.joining(", ", "{", "}"));
        assertThatThrownBy(() -> PlanReader.parse(
                        "mine", "{study: mine, grid: {a: %s, b: %s, c: %s}}".formatted(values, values, values)))
                .hasMessageContaining("grid is '10648 cells', expected at most 10000");
    }

    @Test
    void whatARecipeLacksIsSaid() {
        assertThatThrownBy(() -> PlanReader.find("nowhere.yaml"))
                .hasMessageContaining("cannot read the plan nowhere.yaml");
        assertThatThrownBy(() -> cells("{study: mine, recipe: eagle, grid: {a: {b: []}}}"))
                .hasMessageContaining("its length is in epochs");
        assertThatThrownBy(() -> cells("{study: mine, set: ['projector.from.language=words'], grid: {a: {b: []}}}"))
                .hasMessageContaining("'words' is neither 'start', 'experts' nor a stage before it");
    }
}

package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.evaluate.benchmark.Benchmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs over the generated data sets of `evaluate` with a checkpoint whose answers are noise.
class EvalCommandTest {

    private static final Path DATA = Path.of("../evaluate/src/test/resources/data");

    @TempDir
    private static Path shared = Path.of("");

    private static Path model = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void make() {
        model = TinyEaglet.write(shared.resolve("model"));
    }

    private static Aerie.Result eval(Path output, Path data, Object... options) {
        var line = new ArrayList<Object>(List.of(
                "eval", "-m", model, "-d", data, "-o", output, "--max-tokens", 2, "--batch", 2, "--threads", 1));
        line.addAll(List.of(options));
        return Aerie.run(line.toArray());
    }

    @Test
    void runsEveryBenchmarkInOneLoad() throws IOException {
        var names = Benchmarks.ALL.stream().map(each -> each.card().name()).collect(Collectors.joining(","));
        var result = eval(folder, DATA, "-b", names, "--limit", 1);
        assertThat(result.err()).doesNotContain("aerie:");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("GQA test-dev balanced, accuracy").contains("POPE, F1");
        for (var benchmark : Benchmarks.ALL) {
            assertThat(Files.readAllLines(folder.resolve(benchmark.card().name() + ".jsonl")))
                    .hasSize(1);
        }
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("data:image/jpeg;base64,")
                .contains("No published numbers stand beside these: of each the first 1 records at most.")
                .doesNotContain("Eagle-X5-7B (README)")
                .doesNotContain("src=\"http");
    }

    /// What a kill leaves behind: some batches, and a half line; and no word that the benchmark is done.
    @Test
    void aStoppedRunEndsAsIfItHadNotBeenStopped() throws IOException {
        var whole = folder.resolve("whole");
        var stopped = folder.resolve("stopped");
        eval(whole, DATA, "-b", "pope", "--limit", 5);
        var lines = Files.readAllLines(whole.resolve("pope.jsonl"));
        assertThat(lines).hasSize(5);
        for (int kept : new int[] {0, 3}) {
            Files.createDirectories(stopped);
            Files.copy(whole.resolve("run.json"), stopped.resolve("run.json"));
            Files.writeString(
                    stopped.resolve("pope.jsonl"),
                    String.join("\n", lines.subList(0, kept)) + (kept == 0 ? "" : "\n") + "{\"place\":");
            assertThat(eval(stopped, DATA, "-b", "pope", "--limit", 5).code()).isZero();
            assertThat(timeless(stopped.resolve("pope.jsonl"))).isEqualTo(timeless(whole.resolve("pope.jsonl")));
            assertThat(stopped.resolve("results.json")).hasSameTextualContentAs(whole.resolve("results.json"));
            delete(stopped);
        }
    }

    /// Neither other data nor other weights are taken for those that a run was begun with, though it was done.
    @Test
    void aRunIsOfItsDataAndItsWeights() throws IOException {
        var data = folder.resolve("data/vizwiz");
        Files.createDirectories(data.resolve("val"));
        Files.copy(DATA.resolve("official/vizwiz/val.json"), data.resolve("val.json"));
        Files.copy(
                DATA.resolve("official/vizwiz/val/VizWiz_val_00000000.jpg"),
                data.resolve("val/VizWiz_val_00000000.jpg"));
        var own = TinyEaglet.write(folder.resolve("model"));
        var output = folder.resolve("run");
        var line = new Object[] {"eval", "-m", own, "-d", folder.resolve("data"), "-o", output, "-b", "vizwiz"};
        assertThat(Aerie.run(line).code()).isZero();
        assertThat(Aerie.run(line).code()).isZero();
        var asked = Files.readString(data.resolve("val.json"));
        Files.writeString(data.resolve("val.json"), asked.replaceFirst("\"question\": *\"", "$0Well: "));
        assertThat(Aerie.run(line).err()).contains("it was begun with 2 records, and the data now have 2 others");
        Files.writeString(data.resolve("val.json"), asked);
        assertThat(Aerie.run(line).code()).isZero();
        var config = own.resolve("config.json");
        Files.writeString(config, Files.readString(config) + " ");
        assertThat(Aerie.run(line).err()).contains("cannot go on with the run").hasLineCount(1);
    }

    @Test
    void partsMergeIntoTheWhole() throws IOException {
        eval(folder.resolve("whole"), DATA, "-b", "mme", "--limit", 4);
        eval(folder.resolve("1"), DATA, "-b", "mme", "--limit", 4, "--part", "1/2");
        eval(folder.resolve("2"), DATA, "-b", "mme", "--limit", 4, "--part", "2/2");
        var merged = folder.resolve("merged");
        var result = Aerie.run("eval", "merge", "-o", merged, folder.resolve("2"), folder.resolve("1"));
        assertThat(result.err()).isEmpty();
        assertThat(timeless(merged.resolve("mme.jsonl"))).isEqualTo(timeless(folder.resolve("whole/mme.jsonl")));
        assertThat(merged.resolve("results.json")).hasSameTextualContentAs(folder.resolve("whole/results.json"));
        assertThat(merged.resolve("pictures/mme/0.jpg")).exists();
        var twice = Aerie.run("eval", "merge", "-o", folder.resolve("x"), folder.resolve("1"), folder.resolve("1"));
        assertThat(twice.code()).isEqualTo(Main.MISTAKE);
        assertThat(twice.err()).contains("name each part once").hasLineCount(1);
    }

    @Test
    void aFolderMayHaveTheNameOfAVerb() {
        var result = Aerie.run("eval", "-m", model, "-b", "pope", "-d", "data", "-o", folder);
        assertThat(result.err()).contains("cannot read data from data: there is no such folder");
    }

    /// Features are kept to save time only.
    @Test
    void noAnswerRestsOnWhatIsKept() throws IOException {
        for (int keep : new int[] {0, 4}) {
            eval(folder.resolve("" + keep), DATA, "-b", "gqa", "--keep", keep);
        }
        eval(folder.resolve("two"), DATA, "-b", "gqa", "--samples", 2);
        assertThat(folder.resolve("two/pictures/gqa")).isDirectoryContaining("glob:**/0.jpg");
        assertThat(folder.resolve("two/pictures/gqa").toFile().list()).hasSize(2);
        assertThat(timeless(folder.resolve("0/gqa.jsonl")))
                .hasSize(8)
                .isEqualTo(timeless(folder.resolve("4/gqa.jsonl")));
    }

    @Test
    void comparesWithBlankPictures() {
        eval(folder.resolve("as-is"), DATA, "-b", "gqa", "--limit", 4);
        eval(folder.resolve("blank"), DATA, "-b", "gqa", "--limit", 4, "--pictures", "blank");
        var result = Aerie.run("eval", "-o", folder, "--compare", folder.resolve("as-is"), folder.resolve("blank"));
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("GQA test-dev balanced, accuracy").contains("comparison.html");
        assertThat(folder.resolve("comparison.html")).isNotEmptyFile();
    }

    @Test
    void aMissingPictureIsACountedSkip() throws IOException {
        var data = folder.resolve("data/vizwiz");
        Files.createDirectories(data.resolve("val"));
        Files.copy(DATA.resolve("official/vizwiz/val.json"), data.resolve("val.json"));
        Files.copy(
                DATA.resolve("official/vizwiz/val/VizWiz_val_00000000.jpg"),
                data.resolve("val/VizWiz_val_00000000.jpg"));
        var result = eval(folder.resolve("run"), folder.resolve("data"), "-b", "vizwiz");
        assertThat(result.code()).isZero();
        assertThat(result.out()).containsPattern("VizWiz.*  +1  +1  +");
        assertThat(Files.readString(folder.resolve("run/vizwiz.jsonl"))).contains("there is no picture");
    }

    @Test
    void otherSettingsNeedAnotherFolder() {
        eval(folder, DATA, "-b", "ai2d", "--limit", 1);
        var result = eval(folder, DATA, "-b", "ai2d", "--limit", 2);
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).contains("name another folder").hasLineCount(1);
        var tiled = eval(folder, DATA, "-b", "ai2d", "--limit", 1, "--tiling", "internvl:2");
        assertThat(tiled.err()).contains("tiling=internvl:2").hasLineCount(1);
    }

    /// Its settings say nothing of tiles.
    @Test
    void anEarlierRunGoesOn() throws IOException {
        eval(folder, DATA, "-b", "ai2d", "--limit", 1);
        var file = folder.resolve("run.json");
        var settings = Files.readString(file);
        var earlier = settings.replaceFirst("\\s*\"tiling\"\\s*:\\s*\"\"\\s*,", "");
        assertThat(earlier).isNotEqualTo(settings);
        Files.writeString(file, earlier);
        assertThat(eval(folder, DATA, "-b", "ai2d", "--limit", 1).code()).isZero();
    }

    @Test
    void questionsAreAskedAboutTiles() throws IOException {
        var result = eval(folder, DATA, "-b", "ai2d", "--limit", 1, "--tiling", "internvl:2");
        assertThat(result.err()).doesNotContain("aerie:");
        assertThat(result.code()).isZero();
        assertThat(Files.readString(folder.resolve("run.json"))).contains("internvl:2");
    }

    @Test
    void mistakesAreOneLine() {
        for (var options : new Object[][] {
            {"-b", "gqq"},
            {"-b", "gqa", "--part", "3/2"},
            {"-b", "gqa", "--pictures", "upside-down"},
            {"-b", "gqa", "--judge", "nowhere"},
            {"-b", "gqa", "--keep", -1}
        }) {
            var result = eval(folder, DATA, options);
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
        assertThat(Aerie.run("eval", "-b", "gqa").err()).contains("--model").hasLineCount(1);
    }

    @Test
    void dataSaysWhatToFetch() {
        assertThat(Aerie.run("eval", "data").out()).hasLineCount(Benchmarks.ALL.size());
        assertThat(Aerie.run("eval", "data", "gqa").out())
                .contains("lmms-lab/GQA")
                .contains("CC BY 4.0")
                .contains("12,578");
    }

    @Test
    void strictShowsBothForms() {
        var result = Aerie.run("eval", "strict", "../evaluate/src/test/resources/golden");
        assertThat(result.code()).isZero();
        assertThat(result.out()).containsPattern("ocrbench +120 +52.5 +54.2 +6").contains("chartqa");
    }

    private static List<String> timeless(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll("\"seconds\":[^,]*,", ""))
                .toList();
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }
}

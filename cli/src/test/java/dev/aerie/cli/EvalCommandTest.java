package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.evaluate.benchmark.Benchmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        var weights = own.resolve("model.safetensors");
        var bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1; // of the same size
        Files.write(weights, bytes);
        assertThat(Aerie.run(line).err()).contains("cannot go on with the run").hasLineCount(1);
    }

    /// 300 records are three windows of 128, dealt out in turn.
    @Test
    void partsMergeIntoTheWhole() throws IOException {
        var data = many(300);
        many(folder.resolve("whole"), data);
        for (int part : new int[] {1, 2}) {
            many(folder.resolve("" + part), data, "--part", part + "/2");
        }
        assertThat(Files.readAllLines(folder.resolve("1/vizwiz.jsonl"))).hasSize(128 + 44);
        assertThat(Files.readAllLines(folder.resolve("2/vizwiz.jsonl"))).hasSize(128);
        var merged = folder.resolve("merged");
        var result = Aerie.run("eval", "merge", "-o", merged, folder.resolve("2"), folder.resolve("1"));
        assertThat(result.err()).isEmpty();
        assertThat(timeless(merged.resolve("vizwiz.jsonl"))).isEqualTo(timeless(folder.resolve("whole/vizwiz.jsonl")));
        assertThat(merged.resolve("results.json")).hasSameTextualContentAs(folder.resolve("whole/results.json"));
        assertThat(merged.resolve("pictures/vizwiz/0.jpg")).exists();
        // stopped in its second window; the first is not asked again
        var stopped = folder.resolve("stopped");
        Files.createDirectories(stopped);
        Files.copy(folder.resolve("whole/run.json"), stopped.resolve("run.json"));
        var lines = Files.readAllLines(folder.resolve("whole/vizwiz.jsonl"));
        Files.write(stopped.resolve("vizwiz.jsonl"), lines.subList(0, 140));
        many(stopped, data);
        assertThat(timeless(stopped.resolve("vizwiz.jsonl"))).isEqualTo(timeless(folder.resolve("whole/vizwiz.jsonl")));
        assertThat(Files.readAllLines(stopped.resolve("vizwiz.jsonl")).subList(0, 128))
                .isEqualTo(lines.subList(0, 128)); // to their seconds
        var twice = Aerie.run("eval", "merge", "-o", folder.resolve("x"), folder.resolve("1"), folder.resolve("1"));
        assertThat(twice.code()).isEqualTo(Main.MISTAKE);
        assertThat(twice.err()).contains("name each part once").hasLineCount(1);
    }

    private static void many(Path output, Path data, Object... options) {
        var line = new ArrayList<Object>(List.of(
                "eval", "-m", model, "-d", data, "-o", output, "-b", "vizwiz", "--max-tokens", 1, "--batch", 32));
        line.addAll(List.of(options));
        assertThat(Aerie.run(line.toArray()).err()).doesNotContain("aerie:");
    }

    /// Questions about one picture, in VizWiz's own form.
    private Path many(int count) throws IOException {
        var data = folder.resolve("many/vizwiz");
        Files.createDirectories(data.resolve("val"));
        var picture = "VizWiz_val_00000000.jpg";
        Files.copy(
                DATA.resolve("official/vizwiz/val").resolve(picture),
                data.resolve("val").resolve(picture));
        var answers = Collections.nCopies(10, "{\"answer\": \"red\", \"answer_confidence\": \"yes\"}");
        Files.writeString(
                data.resolve("val.json"),
                IntStream.range(0, count)
                        .mapToObj(i -> "{\"image\": \"%s\", \"question\": \"%s is it %d?\", \"answers\": %s}"
                                .formatted(picture, i == 1 && count == 2 ? "word ".repeat(9000) : "what", i, answers))
                        .toList()
                        .toString());
        return folder.resolve("many");
    }

    /// It counts as answered with nothing, and does not take its batch along.
    @Test
    void aQuestionThatFailsIsWrong() throws IOException {
        var result = eval(folder.resolve("run"), many(2), "-b", "vizwiz", "--whole-prompt");
        assertThat(result.code()).isZero();
        assertThat(result.out()).containsPattern("VizWiz.*  +2  +0  +1  ");
        var lines = Files.readAllLines(folder.resolve("run/vizwiz.jsonl"));
        assertThat(lines).hasSize(2);
        assertThat(lines)
                .filteredOn(line -> line.contains("not answered: "))
                .singleElement()
                .asString()
                .contains("\"score\":0")
                .contains("\"answer\":\"\"");
    }

    /// By the name that it has in every verb.
    @Test
    void theModelThatComesWithAerieIsFound() {
        var result = Shipped.in(
                Path.of("../models"),
                () -> Aerie.run(
                        "eval",
                        "-m",
                        "eaglet",
                        "-b",
                        "pope",
                        "-d",
                        DATA,
                        "-o",
                        folder,
                        "--limit",
                        1,
                        "--max-tokens",
                        1));
        assertThat(result.err()).doesNotContain("aerie:");
        assertThat(result.code()).isZero();
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

package dev.aerie.evaluate.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.image.Pictures;
import dev.aerie.image.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Data in every published schema, as `make_benchmarks.py` wrote it.
class DataFolderTest {

    private static final Path DATA = Path.of("src/test/resources/data");

    /// Records in the Parquet files and in the authors' own; none where there is no such form.
    private static final Map<String, List<Integer>> SIZES = Map.ofEntries(
            Map.entry("gqa", List.of(8, 4)),
            Map.entry("vqav2", List.of(8, 4)),
            Map.entry("vizwiz", List.of(4, 2)),
            Map.entry("ocrbench", List.of(4, 2)),
            Map.entry("textvqa", List.of(4, 2)),
            Map.entry("textvqa-no-ocr", List.of(4, 2)),
            Map.entry("chartqa", List.of(4, 2)),
            Map.entry("docvqa", List.of(4, 1)),
            Map.entry("infovqa", List.of(4, 1)),
            Map.entry("ai2d", List.of(4, 2)),
            Map.entry("mme", List.of(8, 4)),
            Map.entry("mmbench", List.of(8, 2)),
            Map.entry("seedbench", List.of(4, 1)),
            Map.entry("mathvista", List.of(8, 4)),
            Map.entry("mmmu", List.of(4)),
            Map.entry("scienceqa", List.of(4, 1)),
            Map.entry("pope", List.of(12, 6)),
            Map.entry("world", List.of(2)));

    @TempDir
    private Path folder = Path.of("");

    @TestFactory
    Stream<DynamicTest> everyBenchmarkReadsBothForms() {
        return Benchmarks.ALL.stream().flatMap(benchmark -> {
            var sizes = SIZES.getOrDefault(benchmark.card().name(), List.of());
            var parquet =
                    DynamicTest.dynamicTest(benchmark.card().name(), () -> check(benchmark, DATA, sizes.getFirst()));
            return sizes.size() == 1
                    ? Stream.of(parquet)
                    : Stream.of(
                            parquet,
                            DynamicTest.dynamicTest(
                                    benchmark.card().name() + ", authors' own",
                                    () -> check(benchmark, DATA.resolve("official"), sizes.getLast())));
        });
    }

    private static void check(Benchmark benchmark, Path data, int size) {
        try (var records = DataFolder.open(benchmark, data)) {
            assertThat(records.size()).isEqualTo(size);
            var entries = new ArrayList<Entry>();
            for (long first = 0; first < size; first += 3) {
                entries.addAll(records.read(first, 3));
            }
            assertThat(entries)
                    .extracting(Entry::number)
                    .doesNotHaveDuplicates()
                    .hasSize(size);
            for (var entry : entries) {
                assertThat(benchmark.prompt(entry.fields())).isNotBlank();
                assertThat(benchmark.truths(entry.fields())).isNotEmpty();
                assertThat(benchmark.pictures(entry.fields())).isNotEmpty().allSatisfy(column -> {
                    var picture = entry.pictures().get(column);
                    assertThat(picture).isNotNull();
                    assertThat(Pictures.read(picture.read(), picture.name(), ReadOptions.DEFAULT)
                                    .width())
                            .isEqualTo(12);
                });
            }
        }
    }

    private static final List<String> ANSWERS = List.of("yes", "2", "circle", "no");

    /// A picture's colour tells its number (make_benchmarks.py): each record has its own, and its own answer.
    @ParameterizedTest
    @CsvSource({
        "gqa, imageId, 0, 1",
        "vqav2, question_id, 1000, 2",
        "vizwiz, question_id, 0, 1",
        "textvqa, question_id, 0, 1"
    })
    void aRecordHasItsPictureAndItsAnswer(String name, String field, int from, int perPicture) {
        var benchmark = Benchmarks.named(name);
        try (var records = DataFolder.open(benchmark, DATA)) {
            for (var entry : records.read(0, (int) records.size())) {
                var fields = entry.fields();
                int record =
                        Integer.parseInt(fields.json().path(field).asString().replaceAll("\\D", "")) - from;
                int number = record / perPicture;
                var picture = entry.pictures().get(benchmark.pictures(fields).getFirst());
                assertThat(picture).isNotNull();
                var pixels = Pictures.read(picture.read(), picture.name(), ReadOptions.DEFAULT)
                        .rgb();
                assertThat(new int[] {pixels[0] & 255, pixels[1] & 255, pixels[2] & 255})
                        .describedAs(name + " " + record)
                        .containsExactly(number * 37 % 256, number * 91 % 256, number / 7 * 53 % 256);
                if (!name.equals("gqa")) { // whose questions have numbers of their own
                    assertThat(benchmark.truths(fields)).contains(ANSWERS.get(record % 4));
                }
            }
        }
    }

    @Test
    void questionsAboutOnePictureStandTogether() {
        try (var records = DataFolder.open(Benchmarks.named("gqa"), DATA)) {
            var names = records.read(0, 8).stream()
                    .map(entry -> entry.fields().text("imageId"))
                    .toList();
            assertThat(names).isSortedAccordingTo(Comparator.naturalOrder());
        }
    }

    @Test
    void aWrongColumnIsNamed() {
        var data = copy("pope", "chartqa"); // questions about charts where POPE's are expected
        assertThatThrownBy(() -> open("pope", data))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("expected the column question_id")
                .hasMessageContaining("found answer, image, question, type");
    }

    /// Some have the same columns, and would be scored under the wrong name.
    @Test
    void dataOfAnotherBenchmarkIsNotTaken() {
        copy("docvqa", "docvqa");
        copy("mme", "mme");
        for (var missing : List.of("infovqa", "pope")) {
            assertThatThrownBy(() -> open(missing, folder))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("found no data of");
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        var data = copy("pope", "pope");
        var file = data.resolve("pope/data/test-00000-of-00001.parquet");
        Files.move(file, file.resolveSibling("test-00000-of-00002.parquet"));
        assertThatThrownBy(() -> open("pope", data))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("of 2 files there are 1");
    }

    @Test
    void aCutShardIsRefused() throws IOException {
        var data = copy("pope", "pope");
        var file = data.resolve("pope/data/test-00000-of-00001.parquet");
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        assertThatThrownBy(() -> open("pope", data))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("no whole Parquet file");
    }

    /// Bytes in the middle are others: the reader says so, or the picture does when it is decoded.
    /// Each time it is another file, because one that is open must not change.
    @Test
    void aDamagedShardIsAnErrorAndNeverACrash() throws IOException {
        var whole = Files.readAllBytes(DATA.resolve("pope/data/test-00000-of-00001.parquet"));
        int refused = 0;
        for (int at = 4; at < whole.length - 8; at += 97) {
            var bytes = whole.clone();
            for (int i = at; i < Math.min(at + 16, whole.length); i++) {
                bytes[i] ^= (byte) 0x5A;
            }
            var place = Files.createDirectories(folder.resolve("at-" + at));
            Files.write(place.resolve("test-0.parquet"), bytes);
            try (var records = open("pope", place)) {
                records.read(0, 12)
                        .forEach(entry -> entry.pictures()
                                .values()
                                .forEach(
                                        picture -> Pictures.read(picture.read(), picture.name(), ReadOptions.DEFAULT)));
            } catch (AerieException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void missingDataSaysWhatIsExpected() {
        assertThatThrownBy(() -> open("mme", folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("test-*.parquet of lmms-lab/MME")
                .hasMessageContaining("aerie eval data mme");
        assertThatThrownBy(() -> open("mme", folder.resolve("nowhere")))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("there is no such folder");
    }

    @Test
    void aCutJsonFileIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("val.json"), "[{\"image\": \"a.jpg\", \"question\": \"what?\", \"answers\": [], ");
        assertThatThrownBy(() -> open("vizwiz", folder))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("val.json")
                .hasMessageContaining("damaged");
    }

    @Test
    void aPictureOutsideTheFolderIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("val.json"),
                "[{\"image\": \"../../secret.jpg\", \"question\": \"what?\", \"answers\": [{\"answer\": \"a\"}]}]");
        try (var records = open("vizwiz", folder)) {
            var picture = records.read(0, 1).getFirst().pictures().get("image");
            assertThat(picture).isNotNull();
            assertThatThrownBy(picture::read).isInstanceOf(AerieException.class).hasMessageContaining("leads out");
        }
    }

    private static Records open(String benchmark, Path data) {
        return DataFolder.open(Benchmarks.named(benchmark), data);
    }

    /// The data of one benchmark in the place of another.
    private Path copy(String benchmark, String from) {
        try (var files = Files.walk(DATA.resolve(from))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = folder.resolve(benchmark)
                        .resolve(DATA.resolve(from).relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

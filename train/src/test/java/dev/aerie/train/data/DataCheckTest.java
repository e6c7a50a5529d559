package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.Progress;
import dev.aerie.image.ImageProcessor;
import dev.aerie.text.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {

    private static final Path MODEL = Path.of("../core/src/test/resources/golden/model/eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void findsAllDamageAndNothingElse() throws IOException {
        var set = DamagedSet.write(folder, 2800);
        var maker = maker();
        try (var corpus = open(set)) {
            var report = DataCheck.run(corpus, Optional.of(maker), Progress.SILENT);
            assertThat(report.records()).isEqualTo(2800);
            var found = report.findings().stream()
                    .collect(Collectors.groupingBy(
                            DataReport.Finding::flaw,
                            Collectors.mapping(finding -> (int) finding.index(), Collectors.toList())));
            assertThat(found).isEqualTo(set.damaged).containsOnlyKeys(DamagedSet.KINDS);
            assertThat(report.flaws().values()).containsOnly(2L);
            assertThat(report.skipped()).isEqualTo(24);
            assertThat(report.sources())
                    .containsExactly(new DataReport.SourceCount("records.json", 2800, 24, OptionalLong.empty()));
            assertThat(report.pictures() + report.texts()).isEqualTo(2800 - 4);
            assertThat(report.words().count()).isEqualTo(2800 - 24);
            assertThat(report.words().median()).isBetween(10, 40);
            assertThat(report.positions().longest()).isBetween(1024, maker.maxLength());
        }
    }

    /// Training skips what the check said it would, and hands out all the rest.
    @Test
    void trainingSkipsWhatTheCheckFound() throws IOException {
        var set = DamagedSet.write(folder, 1400);
        var maker = maker();
        try (var corpus = open(set)) {
            var report = DataCheck.run(corpus, Optional.of(maker), Progress.SILENT);
            var samples = 0;
            var dataset = new Dataset(corpus, maker);
            var order = new Sampler.Grouped(Sampler.lengths(dataset), 4, 2).order(1);
            try (var loader = new Loader(dataset, order, 0, 16)) {
                for (var batch = loader.next(); batch.isPresent(); batch = loader.next()) {
                    samples += batch.get().size();
                    assertThat(batch.get())
                            .allSatisfy(sample -> assertThat(sample.picture().stream())
                                    .flatMap(shown -> shown.views())
                                    .allMatch(view -> view.width() == 8 && view.height() == 8));
                }
                var skipped = loader.skipped().stream()
                        .collect(Collectors.groupingBy(Loader.Skipped::flaw, Collectors.counting()));
                var expected = report.flaws().entrySet().stream()
                        .filter(entry -> entry.getKey().skipped())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
                assertThat(skipped).isEqualTo(expected);
                var messages = report.findings().stream()
                        .collect(Collectors.toMap(DataReport.Finding::index, Function.identity()));
                assertThat(loader.skipped()).allSatisfy(record -> {
                    var finding = Objects.requireNonNull(messages.get(record.index()));
                    assertThat(record.reason()).contains(finding.message());
                    assertThat(record.id()).isEqualTo(finding.id());
                });
            }
            assertThat(samples).isEqualTo(1400 - report.skipped());
        }
    }

    /// Where memory has room for one picture at a time all comes out as where it has room for many.
    @Test
    void littleMemoryChangesNothing() throws IOException {
        var set = DamagedSet.write(folder, 1400);
        var maker = maker();
        var little = maker.within(new DecodeBudget(1));
        try (var corpus = open(set)) {
            assertThat(DataCheck.run(corpus, Optional.of(little), Progress.SILENT))
                    .isEqualTo(DataCheck.run(corpus, Optional.of(maker), Progress.SILENT));
            var order = new Sampler.Shuffled(1400).order(1);
            try (var one = new Loader(new Dataset(corpus, little), order, 0, 16);
                    var other = new Loader(new Dataset(corpus, maker), order, 0, 16)) {
                while (one.position() < order.length) {
                    assertThat(one.next().orElseThrow())
                            .extracting(Sample::id)
                            .isEqualTo(other.next().orElseThrow().stream()
                                    .map(Sample::id)
                                    .toList());
                }
                assertThat(one.skipped()).isEqualTo(other.skipped());
            }
        }
    }

    @Test
    void withoutATokenizerTheRestIsChecked() throws IOException {
        var set = DamagedSet.write(folder, 1400);
        try (var corpus = open(set)) {
            var report = DataCheck.run(corpus, Optional.empty(), Progress.SILENT);
            assertThat(report.flaws()).hasSize(DamagedSet.KINDS.size() - 1).doesNotContainKey(Flaw.TOO_LONG);
            assertThat(report.positions().count()).isZero();
        }
    }

    @Test
    void recordsTakenTwiceAreNoDuplicates() throws IOException {
        var file = folder.resolve("a.json");
        var talk =
                "\"conversations\": [{\"from\": \"human\", \"value\": \"a\"}, {\"from\": \"gpt\", \"value\": \"b\"}]";
        Files.writeString(file, "[{\"id\": \"a\", %s}, {\"id\": \"b\", %s}]".formatted(talk, talk));
        var twice = Files.writeString(folder.resolve("a.yaml"), """
                sources:
                  - { records: a.json, weight: 2 }
                  - { records: a.json }
                """);
        try (var corpus = Corpus.open(Mixture.open(twice))) {
            var report = DataCheck.run(corpus, Optional.empty(), Progress.SILENT);
            assertThat(report.records()).isEqualTo(6);
            assertThat(report.isClean()).isTrue();
        }
    }

    @Test
    void percentilesAreThoseOfTheLengths() {
        var spread = new Spread();
        for (var length = 1; length <= 1000; length++) {
            spread.add(length);
        }
        spread.add(100_000);
        assertThat(spread.lengths()).isEqualTo(new DataReport.Lengths(1001, 51, 501, 951, 991, 100_000));
        assertThat(new Spread().lengths()).isEqualTo(new DataReport.Lengths(0, 0, 0, 0, 0, 0));
    }

    private static Corpus open(DamagedSet set) {
        return Corpus.open(Mixture.of(set.records, Optional.of(set.pictures)));
    }

    /// The checkpoint's tokenizer and rows, with small pictures.
    private static SampleMaker maker() {
        var maker = SampleMaker.of(MODEL, Optional.of(Template.named("v1")), RowForm.CONVERSATION);
        var viewing = maker.viewing();
        assertThat(List.of(viewing.wholeTokens(), viewing.processor().size())).containsExactly(1024, 1024);
        var small = new Viewing(ImageProcessor.clip(8, viewing.processor().aspect()), viewing.wholeTokens());
        return new SampleMaker(maker.tokenizer(), maker.template(), small, maker.form(), maker.maxLength());
    }
}

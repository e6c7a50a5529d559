package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.text.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsAManifest() throws IOException {
        var mixture = manifest("""
                description: mine
                sources:
                  - records: a.json
                    pictures: images
                    prefix: sub/
                    count: 3
                    seed: 7
                    template: llama3
                    rows: independent-turns
                  - { name: second, records: b.json, weight: 1.5, published: 4 }
                """);
        assertThat(mixture.description()).isEqualTo("mine");
        var first = mixture.sources().getFirst();
        assertThat(first.name()).isEqualTo("a.json");
        assertThat(first.records()).isEqualTo(folder.resolve("a.json").toAbsolutePath());
        assertThat(first.template()).contains(Template.named("llama3"));
        assertThat(first.rows()).contains(RowForm.INDEPENDENT_TURNS);
        assertThat(first.amount()).isEqualTo(new Mixture.Amount.Count(3));
        assertThat(mixture.sources().getLast().published()).hasValue(4);
    }

    @Test
    void takesAsManyAsItSays() throws IOException {
        records("a.json", "a", 5);
        records("b.json", "b", 4);
        var mixture = manifest("""
                sources:
                  - { records: a.json, count: 3, seed: 7, prefix: p/ }
                  - { records: b.json, weight: 1.5 }
                  - { records: b.json, weight: 0 }
                  - { records: b.json }
                """);
        try (var corpus = Corpus.open(mixture)) {
            assertThat(corpus.size()).isEqualTo(3 + 6 + 4);
            var ids = IntStream.range(0, 13).mapToObj(corpus::id).toList();
            assertThat(ids.subList(0, 3)).doesNotHaveDuplicates().allMatch(id -> id.startsWith("a"));
            assertThat(ids.subList(3, 7)).containsExactlyInAnyOrder("b0", "b1", "b2", "b3");
            assertThat(ids.subList(7, 9)).isEqualTo(ids.subList(3, 5));
            assertThat(ids.subList(9, 13)).containsExactly("b0", "b1", "b2", "b3");
            assertThat(corpus.get(1).image().orElseThrow()).startsWith("p/a");
            assertThat(corpus.sourceOf(9)).isEqualTo(3);
        }
        try (var again = Corpus.open(mixture);
                var other = Corpus.open(new Mixture("", "", mixture.sources().subList(1, 2)))) {
            assertThat(again.id(4)).isEqualTo(other.id(1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sources: [{records: a.json, picture: images}] | unknown key 'picture'; known are count, name, pictures",
                "source: [] | unknown key 'source'; known are description, sources",
                "sources: [] | at least one source",
                "description: x | at least one source",
                "sources: [{pictures: images}] | records of source 1",
                "sources: [{records: 5}] | a text at records of source 1",
                "sources: [{records: a, count: -1}] | count of source 1",
                "sources: [{records: a, count: many}] | count of source 1",
                "sources: [{records: a, weight: -1}] | weight of source 1",
                "sources: [{records: a, count: 1, weight: 1}] | not both",
                "sources: [{records: a, template: none}] | there are vicuna_v1",
                "sources: [{records: a, rows: none}] | conversation or independent-turns",
                "sources: [text] | keys and values at source 1",
                "[1, 2] | keys and values at its top",
                "'{' | not YAML",
                "'sources: [{records: a, records: b}]' | not YAML",
            })
    void refusesWhatItDoesNotUnderstand(String yaml, String why) {
        assertThatThrownBy(() -> manifest(yaml))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesFilesThatAreNotThere() throws IOException {
        assertThatThrownBy(() -> Mixture.open(folder.resolve("none.yaml"))).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> Mixture.named("none", folder)).isInstanceOf(AerieException.class);
        var mixture = manifest("sources: [{records: none.json}]");
        assertThatThrownBy(() -> Corpus.open(mixture))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("none.json");
    }

    /// The sums of the parts as Eagle's README lists them.
    @ParameterizedTest
    @CsvSource({"sft-934k, 8, 933000", "sft-1.8m, 1, 1813000"})
    void shipsThePublishedMixes(String name, int sources, long records) {
        var mixture = Mixture.named(name, folder);
        assertThat(mixture.sources())
                .hasSize(sources)
                .allMatch(source -> source.records().startsWith(folder));
        assertThat(mixture.sources().stream()
                        .mapToLong(source -> source.published().orElse(0))
                        .sum())
                .isEqualTo(records);
    }

    private Mixture manifest(String yaml) throws IOException {
        return Mixture.open(Files.writeString(folder.resolve("mix.yaml"), yaml));
    }

    private void records(String file, String id, int count) throws IOException {
        var json = IntStream.range(0, count)
                .mapToObj(i -> "{\"id\": \"%s%d\", \"image\": \"%s.png\", \"conversations\": []}".formatted(id, i, id))
                .collect(Collectors.joining(",", "[", "]"));
        Files.writeString(folder.resolve(file), json);
    }
}

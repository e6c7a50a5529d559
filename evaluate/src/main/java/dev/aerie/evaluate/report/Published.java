package dev.aerie.evaluate.report;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Published results, to stand beside one's own.
///
/// @param model  it is of
/// @param source where it stands: a key of [#SOURCES]
/// @param values by benchmark
public record Published(String model, String source, Map<String, Double> values) {

    /// Where the numbers come from.
    public static final Map<String, String> SOURCES = Map.of(
            "README",
            "README of github.com/NVlabs/Eagle: the released models, without pre-alignment",
            "v1",
            "arXiv 2408.15998v1, figure 1, read off the drawing",
            "v2",
            "arXiv 2408.15998v2, table 6, as quoted by a summary");

    public Published {
        values = Map.copyOf(values);
    }

    /// All rows that have one of these benchmarks.
    public static List<Published> with(Collection<String> benchmarks) {
        var rows = new LinkedHashMap<List<String>, Map<String, Double>>();
        text().lines()
                .map(line -> line.split("\t", -1))
                .forEach(cells -> rows.computeIfAbsent(List.of(cells[0], cells[1]), _ -> new LinkedHashMap<>())
                        .put(cells[2], Double.valueOf(cells[3])));
        return rows.entrySet().stream()
                .map(row -> new Published(row.getKey().get(0), row.getKey().get(1), row.getValue()))
                .filter(row ->
                        benchmarks.stream().anyMatch(name -> row.value(name).isPresent()))
                .toList();
    }

    /// Its value; the variant of a benchmark has none of its own.
    public Optional<Double> value(String benchmark) {
        return Optional.ofNullable(values.get(benchmark.replace("-no-ocr", "")));
    }

    /// The sources of rows, as sentences with a space behind each.
    public static String sources(Collection<Published> rows) {
        Set<String> used = rows.stream().map(Published::source).collect(Collectors.toSet());
        return SOURCES.entrySet().stream()
                .filter(source -> used.contains(source.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(source -> source.getKey() + ": " + source.getValue() + ". ")
                .collect(Collectors.joining());
    }

    private static String text() {
        try (var in = Objects.requireNonNull(Published.class.getResourceAsStream("published.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AerieException("cannot read the published results (" + e + ")", e);
        }
    }
}

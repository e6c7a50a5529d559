package dev.aerie.evaluate.benchmark;

import dev.aerie.AerieException;
import java.util.List;
import java.util.stream.Collectors;

/// The benchmarks that are known, a line each.
public final class Benchmarks {

    public static final List<Benchmark> ALL = List.of(
            new Gqa(),
            new VqaV2(),
            new VizWiz(),
            new OcrBench(),
            new TextVqa(true),
            new TextVqa(false),
            new ChartQa(),
            new DocVqa(),
            new InfoVqa(),
            new Ai2d(),
            new Mme(),
            new MmBench(),
            new SeedImage(),
            new MathVista(),
            new Mmmu(),
            new ScienceQa(),
            new Pope(),
            new DrawnWorld());

    private Benchmarks() {}

    /// The benchmark of this name.
    public static Benchmark named(String name) {
        return ALL.stream()
                .filter(each -> each.card().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AerieException("unknown benchmark '" + name + "': known are " + names()));
    }

    private static String names() {
        return ALL.stream().map(each -> each.card().name()).collect(Collectors.joining(", "));
    }
}

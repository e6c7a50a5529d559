package dev.aerie.cli;

import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Card;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aerie eval data`: what to fetch.
@Command(
        name = "data",
        description =
                "Say where a benchmark's data comes from, how large it is and under which licence; without a name,"
                        + " list the benchmarks. Nothing is fetched.",
        sortOptions = false)
final class EvalDataCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Benchmarks.")
    private List<String> names = new ArrayList<>();

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (names.isEmpty()) {
            Benchmarks.ALL.forEach(each -> out.printf(
                    "%-15s %-32s %9s records  %s%n",
                    each.card().name(),
                    each.card().title(),
                    Plain.count(each.card().questions()),
                    each.card().size()));
        }
        names.stream().map(Benchmarks::named).forEach(each -> print(each, out));
    }

    private static void print(Benchmark each, PrintWriter out) {
        var card = each.card();
        line(out, "benchmark", card.title() + " (" + card.paper() + ")");
        line(out, "records", Plain.count(card.questions()));
        line(out, "size", "about " + card.size());
        line(out, "licence", card.licence());
        line(out, "columns", String.join(", ", card.columns()) + ", " + String.join(", ", card.pictures()));
        if (card.hub().isEmpty()) {
            line(out, "files", card.official());
        } else {
            line(out, "Parquet", "huggingface.co/datasets/" + card.hub() + part(card));
            line(out, "or", card.official());
            line(
                    out,
                    "fetch",
                    "hf download --repo-type dataset " + card.hub() + " --include "
                            + pattern(card.config(), card.split())
                            + each.pictureTable()
                                    .map(table -> " " + pattern(table.config(), card.split()))
                                    .orElse("")
                            + " --local-dir DIR/" + card.name());
        }
        line(out, "then", "aerie eval -m MODEL -b " + card.name() + " -d DIR");
        card.caveats().forEach(caveat -> line(out, "mind", caveat));
    }

    private static String pattern(String config, String split) {
        return "'" + (config.isEmpty() ? "*" : config + "/") + split + "-*'";
    }

    private static String part(Card card) {
        return (card.config().isEmpty() ? "" : ", " + card.config()) + ", files " + card.split() + "-*.parquet";
    }

    private static void line(PrintWriter out, String label, String value) {
        out.printf("%-10s %s%n", label, Plain.text(value));
    }
}

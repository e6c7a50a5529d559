package dev.aerie.cli;

import dev.aerie.AerieException;
import dev.aerie.eagle.EagleConfig;
import dev.aerie.eagle.Inspection;
import dev.aerie.files.Glob;
import dev.aerie.weights.TensorHeader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Says what a checkpoint or weight file holds, and what it lacks. Reads headers only.",
        sortOptions = false)
final class InspectCommand implements Runnable {

    private static final int SHOWN = 8;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description = "A folder in Hugging Face layout, one weight file, or eaglet, which comes with Aerie.")
    private Path path = Path.of("");

    @Option(
            names = "--tensors",
            arity = "0..1",
            fallbackValue = "*",
            paramLabel = "GLOB",
            description = "List the tensors instead, or those whose names match: * is any text, ? any character."
                    + " Put it behind PATH.")
    private @Nullable String glob;

    @Option(names = "--json", description = "Print one JSON object, or one per tensor with --tensors.")
    private boolean json;

    @Override
    public void run() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var inspection = Inspection.of(ShippedModels.find(path));
        if (glob != null) {
            tensors(matching(inspection.tensors(), glob), out);
        } else if (json) {
            out.println(InspectionJson.of(inspection));
        } else {
            summary(inspection, out);
        }
    }

    private List<TensorHeader> matching(List<TensorHeader> tensors, String pattern) {
        var glob = new Glob(pattern);
        var found =
                tensors.stream().filter(tensor -> glob.matches(tensor.name())).toList();
        if (found.isEmpty()) {
            throw new AerieException("no tensor of " + path + " matches '" + pattern
                    + "': its names begin like "
                    + tensors.stream().map(TensorHeader::name).findFirst().orElse("(there are none)"));
        }
        return found;
    }

    private void tensors(List<TensorHeader> tensors, PrintWriter out) {
        if (json) {
            tensors.forEach(tensor -> out.println(InspectionJson.of(tensor)));
            return;
        }
        int name = width(tensors.stream().map(TensorHeader::name).toList());
        int shape = width(tensors.stream().map(TensorHeader::shapeText).toList());
        for (var tensor : tensors) {
            out.printf(
                    "%-" + name + "s  %-8s  %-" + shape + "s  %s%n",
                    Plain.text(tensor.name()),
                    tensor.dtype(),
                    tensor.shapeText(),
                    tensor.file().getFileName());
        }
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }

    private static void summary(Inspection inspection, PrintWriter out) {
        if (!inspection.architecture().isEmpty()) {
            line(out, "architecture", inspection.architecture());
        }
        inspection.config().ifPresent(config -> model(config, out));
        long bytes = inspection.fileBytes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        int files = inspection.fileBytes().size();
        line(out, "weights", Plain.bytes(bytes) + " in " + files + (files == 1 ? " file" : " files"));
        inspection
                .types()
                .forEach((type, amount) -> line(
                        out,
                        "type " + type,
                        Plain.count(amount.tensors()) + " tensors, " + Plain.bytes(amount.bytes())));
        long parameters = inspection.parameters().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        line(out, "parameters", "%18s".formatted(Plain.count(parameters)));
        inspection.parameters().forEach((part, count) -> line(out, "  " + part, "%18s".formatted(Plain.count(count))));
        if (inspection.config().isPresent()) {
            list(out, "missing", misfits(inspection, true));
            list(out, "wrong shape", misfits(inspection, false));
            list(out, "unexpected", inspection.unexpected());
        }
        inspection.notes().forEach(note -> line(out, "note", note));
    }

    private static void model(EagleConfig config, PrintWriter out) {
        var language = config.language();
        line(
                out,
                "language",
                "%d layers, width %d, %d heads (%d for keys), vocabulary %d, context %d"
                        .formatted(
                                language.layers(),
                                language.hidden(),
                                language.heads(),
                                language.kvHeads(),
                                language.vocabulary(),
                                language.maxPositions()));
        line(out, "towers", config.towers().isEmpty() ? "none" : config.towers().replace(";", ", "));
        if (!config.towers().isEmpty()) {
            line(out, "projector", config.projector());
        }
    }

    private static List<String> misfits(Inspection inspection, boolean missing) {
        return inspection.misfits().stream()
                .filter(misfit -> misfit.found().isEmpty() == missing)
                .map(misfit -> misfit.describe())
                .toList();
    }

    private static void list(PrintWriter out, String label, List<String> names) {
        line(out, label, names.isEmpty() ? "none" : Plain.count(names.size()));
        names.stream().limit(SHOWN).forEach(name -> line(out, "", name));
        if (names.size() > SHOWN) {
            line(out, "", "… (--json lists all)");
        }
    }

    private static void line(PrintWriter out, String label, String value) {
        out.printf("%-18s %s%n", Plain.text(label), Plain.text(value));
    }
}

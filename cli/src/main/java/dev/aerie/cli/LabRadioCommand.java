package dev.aerie.cli;

import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.pretrain.Tally;
import dev.aerie.lab.radio.Radio;
import dev.aerie.lab.radio.RadioResult;
import dev.aerie.lab.radio.RadioResult.Measured;
import dev.aerie.lab.radio.RadioResult.Row;
import dev.aerie.train.report.Interval;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `aerie lab radio`: several experts distilled into one.
@Command(
        name = "radio",
        description = {
            "Distil Eaglet's experts into one student (RADIO, with PHI-S), and compare frozen features: the student's,",
            "those of the same student without teachers, and the teachers'. The student is DIR/student.safetensors, an",
            "expert under CLIP's names. Intervals are of 95 %% and draw pictures; they say nothing of another training.",
            "Started again it goes on where it stopped."
        },
        sortOptions = false)
final class LabRadioCommand implements Runnable {

    @Parameters(paramLabel = "DIR", description = "Folder for all that is made.")
    private Path folder = Path.of("");

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR",
            description = "Folder of 'aerie lab eaglet', whose experts are the teachers.")
    private Path from = Path.of("");

    @Option(names = "--teachers", defaultValue = Miniature.X5, description = "Experts (default ${DEFAULT-VALUE}).")
    private String teachers = Miniature.X5;

    @Option(
            names = "--alone",
            defaultValue = "det-1024",
            paramLabel = "TOWERS",
            description = {
                "Compare with the same student that learns these experts' own tasks instead, from the same weights",
                "(default ${DEFAULT-VALUE}; none for no such comparison)."
            })
    private String alone = "";

    @Option(
            names = "--steps",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Steps of a student (${DEFAULT-VALUE}).")
    private long steps;

    @Option(
            names = "--probe-steps",
            defaultValue = "300",
            paramLabel = "N",
            description = "Steps of the linear heads on frozen features (${DEFAULT-VALUE}).")
    private long probing;

    @Option(
            names = "--batch",
            defaultValue = "64",
            paramLabel = "N",
            description = "Pictures a step (${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--count",
            defaultValue = "512",
            paramLabel = "N",
            description = "Held-out pictures that scores are taken on (${DEFAULT-VALUE}).")
    private int heldOut;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Of the first weights and the pictures (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private MakingOptions making = new MakingOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        var precision = making.begin();
        var out = spec.commandLine().getOut();
        var settings = new Radio.Settings(
                towers(teachers),
                alone.equals("none") ? List.of() : towers(alone),
                steps,
                probing,
                batch,
                heldOut,
                seed,
                precision.dtype);
        var result = new Radio(folder, from, settings, Radio.KEEP_EVERY, making.say()).run();
        print(result, out);
    }

    private static List<String> towers(String text) {
        return Arrays.stream(text.split(";")).map(String::strip).toList();
    }

    private static void print(RadioResult result, PrintWriter out) {
        out.println();
        out.println("%-22s %s".formatted("teacher", "variance of its features that the student says"));
        for (var each : result.explained()) {
            out.println("%-22s %s".formatted(each.measure(), score(each)));
        }
        out.println();
        out.println("%-22s %s".formatted("frozen features of", heading(result.student())));
        result.rows().forEach(row -> out.println("%-22s %s".formatted(row.name(), scores(row))));
        out.println();
        out.println("%-22s %s".formatted("the student less", heading(result.student())));
        result.others().forEach(row -> out.println("%-22s %s".formatted(row.name(), gains(result.student(), row))));
    }

    private static String heading(Row row) {
        var line = new StringBuilder();
        row.scores().forEach(each -> line.append("%-26s".formatted(each.measure())));
        return line.toString().strip();
    }

    private static String scores(Row row) {
        var line = new StringBuilder();
        row.scores().forEach(each -> line.append("%-26s".formatted(score(each))));
        return line.toString().strip();
    }

    private static String score(Measured measured) {
        return number("%5.1f %%", Tally.share(measured.pictures()), Tally.interval(measured.pictures()));
    }

    private static String gains(Row student, Row other) {
        var line = new StringBuilder();
        for (int i = 0; i < student.scores().size(); i++) {
            var ours = student.scores().get(i).pictures();
            var theirs = other.scores().get(i).pictures();
            double gain = Tally.share(ours) - Tally.share(theirs);
            line.append("%-26s".formatted(number("%+5.1f", gain, Tally.intervalOfGain(ours, theirs))));
        }
        return line.toString().stripTrailing();
    }

    private static String number(String form, double value, Interval interval) {
        return String.format(
                Locale.ROOT, form + "  (%.1f to %.1f)", 100 * value, 100 * interval.low(), 100 * interval.high());
    }
}

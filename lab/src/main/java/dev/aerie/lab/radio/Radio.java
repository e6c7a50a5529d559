package dev.aerie.lab.radio;

import dev.aerie.AerieException;
import dev.aerie.lab.eaglet.EagletFiles;
import dev.aerie.lab.eaglet.Kept;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.eaglet.Schooling;
import dev.aerie.lab.eaglet.TaskReport;
import dev.aerie.lab.pretrain.ExpertEye;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.pretrain.Tally;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.radio.RadioResult.Measured;
import dev.aerie.lab.radio.RadioResult.Row;
import dev.aerie.lab.world.Drawing;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Clip;
import dev.aerie.vision.Experts;
import dev.aerie.vision.VisionExpert;
import dev.aerie.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Distils experts of Eaglet into one student and says what came of it. What is finished is not done again; what is
/// under way goes on from its newest snapshot.
///
/// @param folder    for all that is made
/// @param from      folder of `aerie lab eaglet` with the experts
/// @param keepEvery steps between snapshots
/// @param say       hears a line of progress
public record Radio(Path folder, Path from, Settings settings, long keepEvery, Consumer<String> say) {

    /// What a run depends on.
    ///
    /// @param teachers tower names
    /// @param alone    tower names of those whose own task the same student learns without teachers, for comparison
    /// @param steps    of the student, with teachers and without
    /// @param probing  steps of the linear heads on frozen features
    /// @param batch    pictures of a step
    /// @param heldOut  pictures that scores are taken on
    /// @param seed     of the student's first weights, and which pictures
    public record Settings(
            List<String> teachers,
            List<String> alone,
            long steps,
            long probing,
            int batch,
            int heldOut,
            long seed,
            DType precision) {

        private static final long SEEDS = 1000;
        private static final long MOST_STEPS = 10_000_000;
        private static final long MOST_PICTURES = 4096;

        public Settings {
            teachers = List.copyOf(teachers);
            alone = List.copyOf(alone);
            for (var towers : List.of(teachers, alone)) {
                if (Set.copyOf(towers).size() < towers.size()) {
                    throw new AerieException("cannot distil " + String.join(", ", towers) + ": one is named twice");
                }
            }
            check("the student's steps", steps, 1, MOST_STEPS);
            check("the heads' steps", probing, 1, MOST_STEPS);
            check("the pictures of a step", batch, 2, MOST_PICTURES);
            check("the held-out pictures", heldOut, 2, MOST_STEPS);
            check("seeds", seed, 0, SEEDS - 1);
        }
    }

    /// What a folder belongs to.
    private record Origin(String from, Settings settings) {}

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new AerieException(
                    "cannot distil: " + what + " are " + value + ", expected " + least + " to " + most);
        }
    }

    /// The rate of published distillation, and of the experts' own tasks.
    private static final double RATE = 1e-3;

    /// Of linear heads over standardised features.
    private static final double PROBING_RATE = 2e-2;

    /// Steps between snapshots that cost little.
    public static final long KEEP_EVERY = 50;

    /// Batches that an expert's moments are taken over.
    private static final int STATISTICS = 8;

    private static final int CHUNK = 32;

    /// The first of the runs of pictures that are drawn for this; a seed has three.
    private static final long RUNS = 1000;

    private static final String STUDENT = "student";
    private static final String START = "start";

    /// Makes what is missing.
    public RadioResult run() {
        Torch.setProductThreads(1);
        var source = new EagletFiles(from);
        var teachers = kinds(settings.teachers).stream()
                .map(kind -> ExpertFile.of(source, kind))
                .toList();
        var alone = kinds(settings.alone).stream().map(Schooling::of).toList();
        var words = Tokenizer.open(source.start());
        Kept.begin(
                files().settings(), new Origin(from.toAbsolutePath().normalize().toString(), settings), Origin.class);
        distil(teachers);
        var students = new ArrayList<>(List.of(student(STUDENT), start()));
        alone.forEach(schooling -> students.add(alone(schooling, words)));
        var rows = new ArrayList<Row>();
        students.forEach(each -> rows.add(probe(each)));
        teachers.forEach(each -> rows.add(probe(each)));
        return new RadioResult(List.of(Kept.read(files().explained(), Measured[].class)), rows);
    }

    private static List<Experts> kinds(List<String> towers) {
        return towers.isEmpty() ? List.of() : Experts.parse(String.join(";", towers));
    }

    private RadioFiles files() {
        return new RadioFiles(folder);
    }

    /// The miniature's CLIP for the world's whole pictures, so that it has a token for every cell of a page.
    static VisionExpert student(ParameterSource source) {
        var small = Miniature.EAGLET.eyes().clip();
        var size = new Clip.Size(small.width(), small.layers(), small.mlp(), small.patch(), World.SIDE / small.patch());
        return new Clip(source.at("vision_model"), size, Clip.Form.MIXTURE, World.SIDE);
    }

    private ExpertFile student(String name) {
        return ExpertFile.ofStudent(name, files().student(name));
    }

    /// The student as all of them begin.
    private ExpertFile start() {
        var start = student(START);
        if (!Files.exists(start.file())) {
            Torch.seed(settings.seed);
            try (var initial = new Initial();
                    var parameters = new Parameters(initial, _ -> false, DType.F32)) {
                var _ = student(parameters);
                write(start.file(), parameters);
            }
        }
        return start;
    }

    private static void write(Path file, Parameters parameters) {
        var own = parameters.contents(DType.F32, Map.of()).stream()
                .filter(tensor -> !Distillation.isHead(tensor.name()))
                .toList();
        SafetensorsWriter.write(file, own, Map.of("format", "pt"));
    }

    private void distil(List<ExpertFile> files) {
        var student = student(STUDENT);
        if (Files.exists(student.file())) {
            return;
        }
        var teachers = new ArrayList<Frozen>();
        try {
            files.forEach(file -> teachers.add(frozen(file)));
            learn(
                    STUDENT,
                    pictures(settings.steps, RATE, 0),
                    source -> new Distillation(
                            ExpertEye.of(student(source), settings.precision), source, List.copyOf(teachers)),
                    (parameters, distillation) -> {
                        try (var _ = TensorScope.open()) {
                            SafetensorsWriter.write(
                                    files().heads(), distillation.heads(parameters), Map.of("format", "pt"));
                        }
                        Kept.write(files().explained(), explained(distillation));
                        write(student.file(), parameters);
                    });
        } finally {
            teachers.forEach(Frozen::close);
        }
    }

    private List<Measured> explained(Distillation distillation) {
        var all = new LinkedHashMap<String, List<Tally>>();
        for (var chunk : heldOut()) {
            distillation.explained(chunk).forEach((teacher, tallies) -> all.merge(teacher, tallies, Radio::joined));
        }
        return measured(all);
    }

    private static List<Measured> measured(Map<String, List<Tally>> all) {
        return all.entrySet().stream()
                .map(each -> new Measured(each.getKey(), each.getValue()))
                .toList();
    }

    private static List<Tally> joined(List<Tally> one, List<Tally> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    /// The same student, from the same weights and with the same pictures, learns what a teacher learned.
    private ExpertFile alone(Schooling schooling, Tokenizer words) {
        var student = student("alone-" + schooling.kind().tower());
        if (!Files.exists(student.file())) {
            learn(
                    student.name(),
                    pictures(settings.steps, RATE, 0),
                    weights -> schooling.task(student(weights), weights, words, settings.precision),
                    (parameters, _) -> Schooling.write(student.file(), parameters));
        }
        return student;
    }

    private Row probe(ExpertFile file) {
        var result = files().probe(file.name());
        if (!Files.exists(result)) {
            try (var frozen = frozen(file)) {
                learn(
                        "probe-" + file.name(),
                        pictures(settings.probing, PROBING_RATE, 1),
                        source -> new Probe(frozen, source),
                        (_, probe) -> Kept.write(result, new Row(file.name(), scores(probe))));
            }
        }
        return Kept.read(result, Row.class);
    }

    private List<Measured> scores(Probe probe) {
        var all = new LinkedHashMap<String, List<Tally>>();
        for (var chunk : heldOut()) {
            probe.tasks().forEach(task -> all.merge(task.measure(), task.tallies(chunk), Radio::joined));
        }
        return measured(all);
    }

    private <T extends Task> void learn(
            String name,
            Pretraining.Settings pictures,
            Function<ParameterSource, T> make,
            BiConsumer<Parameters, T> then) {
        Pretraining.learn(
                pictures,
                settings.seed,
                settings.precision,
                files().run(name),
                make,
                task -> new TaskReport(name, task, pictures, Math.min(CHUNK, settings.heldOut), say),
                then);
    }

    private Pretraining.Settings pictures(long steps, double rate, int use) {
        return new Pretraining.Settings(Setting.FULL, run(use), steps, settings.batch, rate, keepEvery);
    }

    private long run(int use) {
        return RUNS + 3 * settings.seed + use;
    }

    private Frozen frozen(ExpertFile file) {
        var place = files().statistics(file.name());
        if (!Files.exists(place)) {
            var batches = chunks(Split.TRAINING, run(2), STATISTICS * settings.batch);
            Frozen.moments(file, settings.precision, batches).writeTo(place);
        }
        return Frozen.open(file, settings.precision, PhiS.of(Moments.read(place)));
    }

    private Iterable<List<Drawing>> heldOut() {
        return chunks(Split.SCORING, run(0), settings.heldOut);
    }

    /// Pictures that are drawn when their turn comes.
    private static Iterable<List<Drawing>> chunks(Split split, long run, int count) {
        return () -> IntStream.iterate(0, from -> from < count, from -> from + CHUNK)
                .mapToObj(from -> Pretraining.drawings(Setting.FULL, split, run, from, Math.min(CHUNK, count - from)))
                .iterator();
    }
}

package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.eagle.Progress;
import dev.aerie.lab.eaglet.PagingRun;
import dev.aerie.lab.eaglet.PictureScores;
import dev.aerie.lab.eaglet.Scoring;
import dev.aerie.lab.pretrain.Pretraining;
import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Split;
import dev.aerie.tensor.Torch;
import dev.aerie.text.Tokenizer;
import dev.aerie.train.log.JsonLines;
import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.plan.Hardware;
import dev.aerie.train.plan.ModelShape;
import dev.aerie.train.plan.PartPlan;
import dev.aerie.train.plan.Plan;
import dev.aerie.train.plan.Workload;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.run.StageRunner;
import dev.aerie.train.start.Start;
import dev.aerie.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Makes works, whose inputs are done. One at a time in a process: seeds of fresh weights are the process's.
///
/// @param say hears a line of progress
record Maker(Store store, Consumer<String> say) {

    private static final long EXPERT_RUN = 1;
    private static final long KEEP_EVERY = 50;
    private static final int HELD_OUT = 128;

    /// A step of a task of the world, as it is logged.
    ///
    /// @param scores on pictures that it does not learn from, after the last step
    record TaskStep(long step, double loss, double seconds, Map<String, Double> scores) {}

    void make(Work work) {
        Torch.setProductThreads(1);
        store.finish(
                work,
                switch (work.task()) {
                    case Task.Vocabulary words -> vocabulary(work, words);
                    case Task.Expert expert -> expert(work, expert);
                    case Task.Learning learning -> learn(work, learning);
                    case Task.Pages pages -> pages(work, pages);
                    case Task.Score score -> score(work, score);
                });
        removeSnapshots(work);
    }

    private Made vocabulary(Work work, Task.Vocabulary words) {
        words.sizes().writeStart(store.result(work));
        return new Made(work.title(), 0, 0, 0, List.of(), Map.of(), Map.of(), List.of());
    }

    private Made expert(Work work, Task.Expert expert) {
        var settings = expert.schooling().settings(expert.setting(), EXPERT_RUN, KEEP_EVERY);
        return task(
                work,
                settings,
                report -> expert.schooling()
                        .run(
                                expert.sizes(),
                                settings,
                                Tokenizer.open(store.result(work.inputs().getFirst())),
                                expert.precision().dtype(),
                                snapshots(work),
                                store.result(work),
                                report));
    }

    private Made pages(Work work, Task.Pages pages) {
        var settings = PagingRun.settings(pages.setting(), pages.run(), pages.steps());
        var run = store.result(work.inputs().getFirst());
        return task(
                work,
                settings,
                report -> new PagingRun(
                                settings, pages.frozen(), pages.precision().dtype(), report)
                        .run(run, snapshots(work), store.result(work)));
    }

    /// A task of the world that is learned: its steps are logged, the last with a score. That is logged before the last
    /// snapshot is written, so that whoever goes on from there finds it.
    private Made task(
            Work work,
            Pretraining.Settings settings,
            Consumer<Function<dev.aerie.lab.pretrain.Task, Pretraining.Listener>> learning) {
        var log = store.folder(work).resolve("log.jsonl");
        try (var lines = JsonLines.resume(log, TaskStep.class, TaskStep::step, Long.MAX_VALUE)) {
            learning.accept(task -> (step, loss, seconds) -> {
                said(work, step, settings.steps(), loss);
                if (step < settings.steps()) {
                    lines.append(new TaskStep(step, loss, seconds, Map.of()));
                } else {
                    lines.append(new TaskStep(step, loss, seconds, score(work, task, settings)));
                    lines.sync();
                }
            });
        }
        var steps = new TreeMap<Long, TaskStep>();
        JsonLines.read(log, TaskStep.class).forEach(step -> steps.put(step.step(), step));
        var curve = steps.values().stream()
                .map(step -> new Made.Point(step.step(), step.loss()))
                .toList();
        double seconds = steps.values().stream().mapToDouble(TaskStep::seconds).sum();
        var last = steps.get(settings.steps());
        if (last == null) {
            throw new AerieException("cannot finish " + work.title() + ": its log " + log + " has no step "
                    + settings.steps() + "; remove its folder to make it again");
        }
        return new Made(
                work.title(),
                seconds,
                parameters(store.result(work)),
                0,
                brief(curve),
                last.scores(),
                Map.of(),
                List.of());
    }

    private Map<String, Double> score(Work work, dev.aerie.lab.pretrain.Task task, Pretraining.Settings settings) {
        double score =
                task.score(Pretraining.drawings(settings.setting(), Split.VALIDATION, settings.run(), 0, HELD_OUT));
        say.accept(String.format(Locale.ROOT, "%s %s: %s %.3f", work.key(), work.title(), task.measure(), score));
        return Map.of(task.measure(), score);
    }

    private void said(Work work, long step, long of, double loss) {
        if (step % KEEP_EVERY == 0 || step == of) {
            say.accept(String.format(
                    Locale.ROOT, "%s %s: step %d of %d, loss %.3f", work.key(), work.title(), step, of, loss));
        }
    }

    private Made learn(Work work, Task.Learning learning) {
        var folder = new RunFolder(store.folder(work).resolve("run"));
        var stage = learning.stage()
                .withFrom(learning.stage().from().map((path, _) -> store.result(work.input(path.toString()))))
                .withTo(store.folder(work).resolve("result"));
        var run = stage.runs(Start.config(stage.from(), java.util.Optional.empty()))
                .getFirst();
        var planned = plan(run);
        new StageRunner(run, folder, new LogSink() {
                    @Override
                    public void step(StepLog step) {
                        said(work, step.step(), step.of(), step.loss());
                    }

                    @Override
                    public void validation(ValidationLog validation) {
                        say.accept(String.format(
                                Locale.ROOT,
                                "%s %s: after step %d: %.1f %% of the answers right, %s",
                                work.key(),
                                work.title(),
                                validation.step(),
                                100 * validation.exactMatch(),
                                percent(validation.kinds())));
                    }

                    @Override
                    public void close() {}
                })
                .train();
        var steps = JsonLines.read(folder.log(), StepLog.class);
        var curve = steps.stream()
                .map(step -> new Made.Point(step.step(), step.loss()))
                .toList();
        var scores = new LinkedHashMap<String, Double>();
        JsonLines.read(folder.validation(), ValidationLog.class)
                .forEach(found -> scores.put("after step " + found.step(), found.exactMatch()));
        return new Made(
                work.title(),
                steps.stream().mapToDouble(StepLog::seconds).sum(),
                planned.parts().stream()
                        .mapToLong(part -> part.learned() + part.frozen())
                        .sum(),
                learning.steps()
                        * stage.batch().global()
                        * planned.parts().stream().mapToDouble(PartPlan::flops).sum(),
                brief(curve),
                scores,
                Map.of(),
                List.of());
    }

    private static String percent(Map<String, Double> kinds) {
        var text = new ArrayList<String>();
        kinds.forEach((kind, share) ->
                text.add(String.format(Locale.ROOT, "%s %.0f", kind.isEmpty() ? "caption" : kind, 100 * share)));
        return String.join("  ", text);
    }

    private static Plan plan(Stage.Run run) {
        try (var start = Start.open(run.stage().from(), run.tower())) {
            return Plan.of(run.name(), run.stage(), ModelShape.of(start), Hardware.here(0), Workload.UNKNOWN);
        }
    }

    private Made score(Work work, Task.Score score) {
        var model = store.result(work.inputs().getFirst());
        long begin = System.nanoTime();
        var found = new Scoring(score.setting(), score.pictures(), score.run()).of(model, Progress.SILENT);
        var scores = new LinkedHashMap<String, Double>();
        var answers = new LinkedHashMap<String, Made.Answers>();
        for (var family : score.setting().families()) {
            scores.put(family.label(), found.all().of(family).share());
            answers.put(family.label(), answers(found, family));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        var listening = Listening.of(model, score.setting(), score.run());
        return new Made(work.title(), seconds, 0, 0, List.of(), scores, answers, listening);
    }

    private static Made.Answers answers(PictureScores found, Family family) {
        var right = new StringBuilder();
        var asked = new StringBuilder();
        for (var picture : found.each()) {
            var score = picture.get(family);
            right.append(digit(score == null ? 0 : score.right()));
            asked.append(digit(score == null ? 0 : score.asked()));
        }
        return new Made.Answers(right.toString(), asked.toString());
    }

    private static char digit(int count) {
        return Character.forDigit(Math.min(count, Character.MAX_RADIX - 1), Character.MAX_RADIX);
    }

    private static List<Made.Point> brief(List<Made.Point> points) {
        int count = Math.min(points.size(), Made.POINTS);
        var brief = new ArrayList<Made.Point>();
        for (int i = 0; i < count; i++) {
            var part =
                    points.subList((int) ((long) i * points.size() / count), (int) ((i + 1L) * points.size() / count));
            double mean = part.stream().mapToDouble(Made.Point::value).average().orElse(0);
            brief.add(new Made.Point(part.getLast().step(), Math.round(mean * 1e4) / 1e4));
        }
        return brief;
    }

    private static long parameters(Path weights) {
        try (var checkpoint = Checkpoint.open(weights)) {
            return checkpoint.headers().stream()
                    .mapToLong(header -> header.elements())
                    .sum();
        }
    }

    private Path snapshots(Work work) {
        return store.folder(work).resolve("snapshots");
    }

    /// What a work goes on from is of no use when it is done.
    void removeSnapshots(Work work) {
        for (var folder :
                List.of(snapshots(work), new RunFolder(store.folder(work).resolve("run")).checkpoints())) {
            if (Files.exists(folder)) {
                try (var paths = Files.walk(folder)) {
                    for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                } catch (IOException e) {
                    throw new AerieException("cannot remove " + folder + " (" + e + ")", e);
                }
            }
        }
    }
}

package dev.aerie.train.run;

import dev.aerie.files.AtomicFile;
import dev.aerie.train.data.Examples;
import dev.aerie.train.log.DataCounts;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.plan.Hardware;
import dev.aerie.train.plan.ModelShape;
import dev.aerie.train.plan.Plan;
import dev.aerie.train.plan.Workload;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import dev.aerie.train.start.Start;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Writes down what a run is, beside its logs: settings, plan and data.
final class RunNotes {

    private final RunFolder folder;
    private final DataCounts data;
    private Map<String, Long> skipped;

    private RunNotes(RunFolder folder, DataCounts data) {
        this.folder = folder;
        this.data = data;
        skipped = data.skipped();
        write();
    }

    /// Writes all that is known before the first step.
    ///
    /// @param before counts of the steps already done
    static RunNotes begin(RunFolder folder, Stage.Run run, Start start, Examples examples, Counts before) {
        AtomicFile.write(folder.recipe(), alone(run, "").yaml());
        var workload = Workload.UNKNOWN.withSamples(examples.size());
        AtomicFile.write(
                folder.plan(),
                Plan.of(run.name(), run.stage(), ModelShape.of(start), Hardware.here(0), workload)
                        .json());
        return new RunNotes(
                folder,
                new DataCounts(
                        examples.size(),
                        examples.pictures(),
                        examples.sources(),
                        sorted(before.skipped()),
                        examples.origins()));
    }

    /// A run's stage as a recipe of its own.
    ///
    /// @param description what is to be said beside it
    static Recipe alone(Stage.Run run, String description) {
        return new Recipe(run.name(), description, "", List.of(run.stage()));
    }

    /// Writes the counts again if more samples were left out.
    void step(StepReport report) {
        if (!report.counts().skipped().equals(skipped)) {
            skipped = report.counts().skipped();
            write();
        }
    }

    private void write() {
        AtomicFile.write(folder.data(), JsonMapper.shared().writeValueAsString(data.withSkipped(sorted(skipped))));
    }

    private static Map<String, Long> sorted(Map<String, Long> counts) {
        return new TreeMap<>(counts);
    }
}

package dev.aerie.train.run;

import dev.aerie.train.log.LogSink;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.log.StepLog;
import dev.aerie.train.log.ValidationLog;
import dev.aerie.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A recipe for the tiny checkpoint of the golden cases.
final class Tiny {

    static final Path GOLDEN = Path.of("../core/src/test/resources/golden");
    static final Path CHECKPOINT = GOLDEN.resolve("model/eagle-x2-tiny");
    static final Path RECORDS = GOLDEN.resolve("train/eagle-x2-tiny/sft.json");
    static final Path PICTURES = CHECKPOINT.resolve("expected/images");

    private static final String RECIPE = """
            recipe: tiny
            common:
              recompute: true
              seed: 7
              optimiser: { betas: [0.9, 0.999], epsilon: 1.0e-8, weightDecay: 0 }
              keep: { last: 2, every: 1 }
            stages:
              - stage: projector
                learn: { experts: 0, projector: 1.0e-3, language: 0 }
                data: { mixture: %s, folder: %s, template: v1, maxLength: 1200, order: shuffle }
                batch: { global: 1, micro: 1 }
                precision: float32
                schedule: { kind: cosine, warmup: 0.03, steps: 3 }
                from: { checkpoint: %s }
            """;

    private Tiny() {}

    static Recipe recipe(String... set) {
        return Recipe.parse("tiny", RECIPE.formatted(RECORDS, PICTURES, CHECKPOINT), List.of(set));
    }

    /// Runs it in a folder.
    ///
    /// @param stopAfter a step after which it ends as a kill would; none if negative
    /// @return the folder of its only run
    static RunFolder run(Path folder, Recipe recipe, long stopAfter) {
        var root = new RunFolder(folder);
        new RecipeRunner(recipe, root, _ -> new Stopping(stopAfter)).run(Optional.empty());
        return root.run("projector");
    }

    record Stopping(long last) implements LogSink {

        @Override
        public void step(StepLog step) {
            if (step.step() == last) {
                throw new IllegalStateException("stopped on purpose");
            }
        }

        @Override
        public void validation(ValidationLog validation) {}

        @Override
        public void close() {}
    }
}

package dev.aerie.train.log;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Where a run keeps what. A recipe's folder holds one such folder for each of its runs, at their names:
/// `RECIPE/pre-align/clip-448`, `RECIPE/projector`.
public record RunFolder(Path root) {

    private static final String LOG = "log.jsonl";
    private static final int DEPTH = 4;

    /// The recipe as it was run, see [dev.aerie.train.recipe.Recipe#yaml].
    public Path recipe() {
        return root.resolve("recipe.yaml");
    }

    /// [StepLog]s
    public Path log() {
        return root.resolve(LOG);
    }

    /// [ValidationLog]s
    public Path validation() {
        return root.resolve("validation.jsonl");
    }

    /// [SampleLog]s; their pictures lie in the folder too.
    public Path samples() {
        return root.resolve("samples.jsonl");
    }

    /// [DataCounts]
    public Path data() {
        return root.resolve("data.json");
    }

    /// What was planned, as [dev.aerie.train.plan.Plan#json] says it.
    public Path plan() {
        return root.resolve("plan.json");
    }

    /// Folder of TensorBoard's event files.
    public Path tensorBoard() {
        return root.resolve("tensorboard");
    }

    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /// The folder of the checkpoint after `step`.
    public Path checkpoint(long step) {
        return checkpoints().resolve(Long.toString(step));
    }

    /// The result in Hugging Face layout.
    public Path export() {
        return root.resolve("export");
    }

    /// The folder of one run of this recipe's folder.
    ///
    /// @param name as [dev.aerie.train.recipe.Stage.Run#name] gives it
    public RunFolder run(String name) {
        return new RunFolder(root.resolve(name));
    }

    /// All runs at and below a folder, in the order of their paths.
    public static List<RunFolder> runs(Path folder) {
        try (var paths = Files.walk(folder, DEPTH)) {
            return paths.filter(path -> path.endsWith(LOG))
                    .map(path -> new RunFolder(Objects.requireNonNull(path.getParent())))
                    .sorted((one, other) -> one.root.compareTo(other.root))
                    .toList();
        } catch (IOException e) {
            throw new AerieException("cannot look for runs in " + folder + " (" + e + "); check the path", e);
        }
    }
}

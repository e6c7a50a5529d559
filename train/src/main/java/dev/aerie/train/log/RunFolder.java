package dev.aerie.train.log;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Where a run keeps what. A recipe's folder holds one such folder for each of its runs, at their names:
/// `RECIPE/pre-align/clip-448`, `RECIPE/projector`.
public record RunFolder(Path root) {

    private static final String LOG = "log.jsonl";
    private static final String CHECKPOINTS = "checkpoints";
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
        return root.resolve(CHECKPOINTS);
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

    /// All runs at and below a folder, in the order of their paths. The folder itself may be a link.
    public static List<RunFolder> runs(Path folder) {
        var runs = new TreeMap<Path, RunFolder>();
        try {
            var start = folder.toRealPath();
            Files.walkFileTree(start, Set.of(), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes) {
                    return place.endsWith(CHECKPOINTS) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.endsWith(LOG)) {
                        var root = Objects.requireNonNull(file.getParent());
                        runs.put(root, new RunFolder(folder.resolve(start.relativize(root))));
                    }
                    return FileVisitResult.CONTINUE;
                }

                /// A run that goes on may have removed it.
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (file.equals(start)) {
                        throw e;
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return List.copyOf(runs.values());
        } catch (IOException e) {
            throw new AerieException("cannot look for runs in " + folder + " (" + e + "); check the path", e);
        }
    }
}

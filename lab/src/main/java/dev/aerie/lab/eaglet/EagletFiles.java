package dev.aerie.lab.eaglet;

import dev.aerie.train.log.RunFolder;
import java.nio.file.Path;

/// The folder in which Eaglet is made. What is finished has its final name; logs and snapshots lie in `runs`.
///
/// @param root    of the folder
/// @param variant folder of what differs between variants: the root, or one in it
public record EagletFiles(Path root, Path variant) {

    public EagletFiles(Path root) {
        this(root, root);
    }

    /// The same folder for a variant of this name, which shares what is made before the experts are joined.
    public EagletFiles of(String name) {
        return new EagletFiles(root, root.resolve(name));
    }

    /// Length and precision of what is made here and is not shared.
    Path settings() {
        return variant.resolve("eaglet.json");
    }

    /// The folder that is shared, as one of its own.
    EagletFiles shared() {
        return new EagletFiles(root);
    }

    /// The decoder's sizes and the vocabulary, which a fresh model begins with.
    public Path start() {
        return root.resolve("start");
    }

    /// Writes [#start] if it is not there.
    void writeStart() {
        Miniature.EAGLET.writeStart(start());
    }

    /// An expert after its own task: one file of weights.
    public Path expert(String tower) {
        return root.resolve("experts").resolve(tower + ".safetensors");
    }

    /// Snapshots of an expert in its own task.
    public Path expertRun(String tower) {
        return root.resolve("runs").resolve("expert-" + tower);
    }

    /// The mixture after [Paging]: a checkpoint.
    public Path paged() {
        return variant.resolve("paged");
    }

    /// Snapshots of [Paging].
    Path pagingRun() {
        return variant.resolve("runs").resolve("paging");
    }

    /// Where the result of a stage goes; with a folder for each expert where each has one.
    ///
    /// @param shared whether all variants have the same
    public Path result(String stage, boolean shared) {
        var folder = shared ? root : variant;
        return switch (stage) {
            case "pre-align" -> folder.resolve("aligned");
            case "fine-tune" -> folder.resolve("eaglet");
            default -> folder.resolve(stage);
        };
    }

    /// The stages' logs and snapshots.
    public RunFolder runs() {
        return new RunFolder(variant.resolve("runs"));
    }
}

package dev.aerie.lab.eaglet;

import java.nio.file.Files;
import java.nio.file.Path;

/// The folder in which Eaglet is made. What is finished has its final name; what is under way has snapshots in `runs`.
///
/// @param root of the folder
public record EagletFiles(Path root) {

    /// The tokenizer's files.
    public Path tokenizer() {
        return root.resolve("tokenizer");
    }

    /// An expert after its own task: one file of weights.
    public Path expert(String tower) {
        return root.resolve("experts").resolve(tower + ".safetensors");
    }

    /// An expert after pre-alignment: a checkpoint with this expert alone.
    public Path aligned(String tower) {
        return root.resolve("aligned").resolve(tower);
    }

    /// The decoder after captions: a language model alone.
    public Path decoder() {
        return root.resolve("decoder");
    }

    /// A finished stage: a whole checkpoint.
    public Path stage(String name) {
        return root.resolve(name);
    }

    /// Snapshots of something under way.
    public Path run(String name) {
        return root.resolve("runs").resolve(name);
    }

    /// One JSON object a line: steps and scores of everything.
    public Path log() {
        return root.resolve("log.jsonl");
    }

    static boolean isDone(Path result) {
        return Files.exists(Files.isDirectory(result) ? result.resolve("model.safetensors") : result);
    }
}

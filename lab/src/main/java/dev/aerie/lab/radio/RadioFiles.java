package dev.aerie.lab.radio;

import java.nio.file.Path;

/// The folder in which a student is made. What is finished has its final name; snapshots lie in `runs`.
record RadioFiles(Path root) {

    /// What the folder was begun with.
    Path settings() {
        return root.resolve("settings.json");
    }

    /// A student as an expert in one file, under CLIP's names.
    Path student(String name) {
        return root.resolve(name + ".safetensors");
    }

    /// The heads that say each teacher's features.
    Path heads() {
        return root.resolve("heads.safetensors");
    }

    /// How much of each teacher the student says.
    Path explained() {
        return root.resolve("explained.json");
    }

    /// The moments of an expert's features.
    Path statistics(String expert) {
        return root.resolve("statistics").resolve(expert + ".safetensors");
    }

    /// What could be read off an expert's features.
    Path probe(String expert) {
        return root.resolve("probes").resolve(expert + ".json");
    }

    /// Snapshots of a run.
    Path run(String name) {
        return root.resolve("runs").resolve(name);
    }
}

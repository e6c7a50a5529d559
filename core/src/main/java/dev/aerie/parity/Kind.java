package dev.aerie.parity;

import java.util.List;

/// Runs the golden cases of one kind. It reads every size, seed and input from the file and its folder: a new case of
/// the kind needs no new code.
public interface Kind {

    /// The value of `kind` in the files that this runner takes.
    String name();

    /// Runs what the file holds: one outcome per case.
    List<Outcome> run(GoldenFile file);
}

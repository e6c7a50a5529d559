package dev.aerie.evaluate.benchmark;

import java.util.Optional;

/// A language model that is asked about answers.
public interface Judge {

    /// Nobody is asked.
    Judge NONE = _ -> Optional.empty();

    /// What it says; empty if there is none to ask.
    Optional<String> ask(String prompt);
}

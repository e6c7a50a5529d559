package dev.aerie.eagle;

/// Hears what a longer piece of work is doing.
@FunctionalInterface
public interface Progress {

    Progress SILENT = (what, done, total) -> {};

    /// @param what  is being done now, such as an expert's name
    /// @param done  steps finished
    /// @param total steps in all
    void at(String what, int done, int total);
}

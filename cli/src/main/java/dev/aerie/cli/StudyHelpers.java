package dev.aerie.cli;

import dev.aerie.AerieException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processes that do the same studies beside this one. They share nothing with it but files: seeds of fresh weights
/// belong to a process, and so does whatever a crash takes along.
record StudyHelpers(List<Process> processes) implements AutoCloseable {

    /// Starts a command line so many times.
    ///
    /// @param arguments of `aerie`, for one job
    static StudyHelpers start(List<String> arguments, int count) {
        var processes = new ArrayList<Process>();
        var started = new StudyHelpers(processes);
        Runtime.getRuntime().addShutdownHook(new Thread(started::stop));
        for (int i = 0; i < count; i++) {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
            command.addAll(arguments);
            try {
                processes.add(new ProcessBuilder(command).inheritIO().start());
            } catch (IOException e) {
                started.stop();
                throw new AerieException("cannot start another process of the study (" + e + "); use --jobs 1", e);
            }
        }
        return started;
    }

    private void stop() {
        processes.forEach(Process::destroy);
    }

    /// Waits for all.
    @Override
    public void close() throws InterruptedException {
        for (var process : processes) {
            process.waitFor();
        }
    }
}

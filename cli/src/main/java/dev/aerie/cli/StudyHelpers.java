package dev.aerie.cli;

import dev.aerie.AerieException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Processes that do the same studies beside this one. They share nothing with it but files: seeds of fresh weights
/// belong to a process, and so does whatever a crash takes along.
final class StudyHelpers implements AutoCloseable {

    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Runnable cleanup = this::stop;

    private StudyHelpers() {
        Departure.prepare(cleanup);
    }

    /// Starts a command line so many times.
    ///
    /// @param arguments of `aerie`, for one job
    static StudyHelpers start(List<String> arguments, int count) {
        var started = new StudyHelpers();
        for (int i = 0; i < count; i++) {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
            command.addAll(arguments);
            try {
                started.processes.add(new ProcessBuilder(command).inheritIO().start());
            } catch (IOException e) {
                started.close();
                throw new AerieException("cannot start another process of the study (" + e + "); use --jobs 1", e);
            }
        }
        return started;
    }

    private void stop() {
        processes.forEach(Process::destroy);
    }

    /// Waits for all.
    ///
    /// @return the exit codes of those that did not end well
    List<Integer> join() throws InterruptedException {
        var codes = new ArrayList<Integer>();
        for (var process : processes) {
            int code = process.waitFor();
            if (code != 0) {
                codes.add(code);
            }
        }
        return codes;
    }

    /// Stops those that still run: they go on from their newest snapshots when the study is started again.
    @Override
    public void close() {
        stop();
        Departure.forget(cleanup);
    }
}

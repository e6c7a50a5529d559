package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where works lie, each in a folder of its key. A work is done when its `made.json` is there, which is written last;
/// until then its folder holds what it goes on from. Several processes may share a store: a work is claimed by a lock
/// on a file, which the system gives back when a process ends, however it ends.
///
/// @param root folder
record Store(Path root) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// A claimed work; nobody else works on it until this is closed.
    record Claim(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new AerieException("cannot give a work back (" + e + ")", e);
            }
        }
    }

    Path folder(Work work) {
        return root.resolve(work.key());
    }

    /// The weights: a file of an expert's own, or a checkpoint's folder.
    Path result(Work work) {
        return switch (work.task()) {
            case Task.Vocabulary _ -> folder(work).resolve("start");
            case Task.Expert expert ->
                folder(work).resolve(expert.schooling().kind().tower() + ".safetensors");
            case Task.Learning learning ->
                learning.tower()
                        .map(tower -> folder(work).resolve("result").resolve(tower))
                        .orElseGet(() -> folder(work).resolve("result"));
            case Task.Pages _ -> folder(work).resolve("result");
            case Task.Score _ -> made(work);
        };
    }

    private Path made(Work work) {
        return folder(work).resolve("made.json");
    }

    boolean isDone(Work work) {
        return Files.exists(made(work));
    }

    /// What is known of a work that is done.
    Optional<Made> find(Work work) {
        if (!isDone(work)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(made(work).toFile(), Made.class));
        } catch (JacksonException e) {
            throw new AerieException(
                    "cannot read " + made(work) + " (" + e.getOriginalMessage() + "); remove it to make it again", e);
        }
    }

    void finish(Work work, Made made) {
        AtomicFile.write(made(work), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(made));
    }

    /// Takes a work; empty if somebody else has it.
    Optional<Claim> claim(Work work) {
        try {
            Files.createDirectories(folder(work));
            var settings = folder(work).resolve("settings.txt");
            if (!Files.exists(settings)) {
                AtomicFile.write(settings, work.task().settings());
            }
            var channel =
                    FileChannel.open(folder(work).resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new Claim(channel));
                }
            } catch (OverlappingFileLockException e) {
                // Another thread of this process has it.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new AerieException("cannot work in " + folder(work) + " (" + e + "); check permissions", e);
        }
    }
}

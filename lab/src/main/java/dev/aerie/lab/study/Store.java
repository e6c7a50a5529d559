package dev.aerie.lab.study;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.files.Claim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where works lie, each in a folder of its key. A work is done when its `made.json` is there, which is written last;
/// until then its folder holds what it goes on from. Several processes may share a store: each claims what it makes.
///
/// @param root folder
record Store(Path root) {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final String MADE = "made.json";

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
        return folder(work).resolve(MADE);
    }

    boolean isDone(Work work) {
        return isDone(work.key());
    }

    boolean isDone(String key) {
        return Files.exists(root.resolve(key).resolve(MADE));
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
        var claim = Claim.on(folder(work));
        var settings = folder(work).resolve("settings.txt");
        if (claim.isPresent() && !Files.exists(settings)) {
            AtomicFile.write(settings, work.task().settings());
        }
        return claim;
    }
}

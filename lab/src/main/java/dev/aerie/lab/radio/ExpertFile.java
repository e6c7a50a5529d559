package dev.aerie.lab.radio;

import dev.aerie.AerieException;
import dev.aerie.lab.eaglet.EagletFiles;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.world.World;
import dev.aerie.vision.Experts;
import java.nio.file.Files;
import java.nio.file.Path;

/// A trained expert in a file of its own.
///
/// @param name  that it has in tables
/// @param input side of the pictures it is given, in pixels
record ExpertFile(String name, Experts kind, int input, Path file) {

    /// An expert of a folder of `aerie lab eaglet`, which looks as it does in the mixture.
    ///
    /// @throws AerieException if it is not there
    static ExpertFile of(EagletFiles files, Experts kind) {
        var file = files.expert(kind.tower());
        if (!Files.exists(file)) {
            throw new AerieException("cannot learn from " + kind.tower() + ": there is no file " + file
                    + "; make it with 'aerie lab eaglet " + files.root() + " --only " + kind.tower() + "'");
        }
        int input = Miniature.EAGLET.shape().inputs().getOrDefault(kind, World.SIDE);
        return new ExpertFile(kind.tower(), kind, input, file);
    }

    /// A student in a file.
    static ExpertFile ofStudent(String name, Path file) {
        return new ExpertFile(name, Experts.CLIP, World.SIDE, file);
    }
}

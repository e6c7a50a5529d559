package dev.aerie.lab.radio;

import dev.aerie.lab.eaglet.EagletFiles;
import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.eaglet.Schooling;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Torch;
import dev.aerie.train.model.Parameters;
import dev.aerie.train.start.Initial;
import dev.aerie.vision.Experts;
import java.nio.file.Path;

/// A folder as `aerie lab eaglet` makes it, with experts that know nothing.
final class TinyExperts {

    private TinyExperts() {}

    static EagletFiles write(Path folder, Experts... kinds) {
        var files = new EagletFiles(folder);
        Miniature.EAGLET.writeStart(files.start());
        for (var kind : kinds) {
            Torch.seed(kind.ordinal());
            try (var initial = new Initial();
                    var parameters = new Parameters(initial, _ -> false, DType.F32)) {
                var _ = Miniature.EAGLET.expert(kind, parameters);
                Schooling.write(files.expert(kind.tower()), parameters);
            }
        }
        return files;
    }
}

package dev.aerie.train.run;

import dev.aerie.AerieException;
import dev.aerie.train.log.RunFolder;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What decides on the result of a run. One that went on with other settings would be neither the old run nor the new.
final class RunSettings {

    private RunSettings() {}

    /// Refuses a folder in which a run with other settings has begun.
    static void require(RunFolder folder, Stage stage) {
        if (Files.exists(folder.recipe())) {
            var before = Recipe.open(folder.recipe(), List.of()).stages().getFirst();
            if (!deciding(before).equals(deciding(stage))) {
                throw new AerieException("cannot go on in " + folder.root() + ": it was begun with other settings, see "
                        + folder.recipe() + "; go on with those, or name another folder");
            }
        }
    }

    /// A stage without what may change on the way: where files lie, how memory is saved, what is kept and held out.
    private static Stage deciding(Stage stage) {
        var data = stage.data();
        return new Stage(
                stage.name(),
                stage.learn(),
                stage.eachExpert(),
                new Stage.Data(
                        name(Path.of(data.mixture())).toString(),
                        Path.of(""),
                        data.template(),
                        data.aspect(),
                        data.maxLength(),
                        data.rows(),
                        data.order(),
                        data.seed()),
                stage.batch(),
                stage.pace(),
                stage.optimiser(),
                stage.clip(),
                stage.precision(),
                false,
                0,
                stage.lora(),
                stage.from().map((path, _) -> name(path)),
                Optional.empty(),
                new Stage.Keep(0, false, 0, false),
                Optional.empty(),
                stage.seed(),
                stage.ema());
    }

    private static Path name(Path path) {
        return Optional.ofNullable(path.getFileName()).orElse(path);
    }
}

package dev.aerie.cli;

import dev.aerie.AerieException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The checkpoints that come with Aerie, by name. They lie in the folder that the system property `aerie.models` names;
/// `./aerie` sets it.
final class ShippedModels {

    /// The folder of the shipped models.
    static final String PROPERTY = "aerie.models";

    static final String EAGLET = "eaglet";

    /// Names, and where each lies in the folder.
    private static final Map<String, String> MODELS = Map.of(EAGLET, "eaglet-x5", "eaglet-x5", "eaglet-x5");

    private ShippedModels() {}

    /// What a user named: a path as it is, or the folder of a shipped model where nothing of that path exists. An error
    /// if it is a mere name that stands for neither.
    static Path find(Path named) {
        if (Files.exists(named) || named.getNameCount() != 1 || named.isAbsolute()) {
            return named;
        }
        var folder = MODELS.get(named.toString());
        if (folder == null) {
            throw new AerieException("there is no folder " + named + ", and no model of this name comes with Aerie: "
                    + "point to a folder in Hugging Face layout, or name one of "
                    + new TreeMap<>(MODELS).keySet().stream().collect(Collectors.joining(", ")));
        }
        return shipped(named.toString(), folder);
    }

    private static Path shipped(String name, String folder) {
        var models = System.getProperty(PROPERTY, "");
        if (models.isEmpty()) {
            throw new AerieException("cannot find the model " + name
                    + " that comes with Aerie: start with ./aerie, or say where its models lie with -D" + PROPERTY
                    + "=DIR");
        }
        var path = Path.of(models, folder);
        if (!Files.exists(path.resolve("config.json"))) {
            throw new AerieException("cannot find the model " + name + " that comes with Aerie: there is no file "
                    + path.resolve("config.json") + "; bring it back from the repository, or make one with 'aerie lab "
                    + "eaglet' and name its folder with --model");
        }
        return path;
    }
}

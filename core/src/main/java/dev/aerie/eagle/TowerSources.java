package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.nn.Grafted;
import dev.aerie.nn.ParameterSource;
import dev.aerie.nn.Renamed;
import dev.aerie.weights.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A checkpoint, with vision towers that lie elsewhere in their places.
final class TowerSources implements AutoCloseable {

    private static final String CLIP = "model.vision_tower.vision_tower.";
    private static final String CLIP_PROBE = "vision_model.embeddings.class_embedding";
    private static final String AUX = "model.vision_tower_aux.";
    private static final String OPEN_CLIP = "visual.trunk.";
    private static final String AUX_PROBE = "stem.0.weight";

    private final List<CheckpointSource> open = new ArrayList<>();
    private ParameterSource root;

    private TowerSources(Path folder) {
        root = open(folder);
    }

    static TowerSources open(Path folder, EagleConfig config, LoadOptions.Towers towers) {
        var sources = new TowerSources(folder);
        try {
            boolean alone = config.towers().contains("/") && !(config.layout() instanceof Layout.LlavaHr);
            if (alone) {
                sources.graft(
                        CLIP,
                        "",
                        CLIP_PROBE,
                        towers.vision(),
                        config.towers() + "; name its folder with --vision-tower");
            } else if (towers.vision().isPresent()) {
                throw new AerieException("the vision towers of " + folder + " are in it; leave out --vision-tower");
            }
            if (config.layout() instanceof Layout.MiniGemini) {
                var what = "the auxiliary vision tower (mm_vision_tower_aux in config.json); name its folder with"
                        + " --vision-tower-aux";
                sources.graft(AUX, OPEN_CLIP, AUX_PROBE, towers.aux(), what);
            } else if (towers.aux().isPresent()) {
                throw new AerieException(folder + " has no auxiliary vision tower; leave out --vision-tower-aux");
            }
            return sources;
        } catch (RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    private CheckpointSource open(Path path) {
        var source = new CheckpointSource(Checkpoint.open(path));
        open.add(source);
        return source;
    }

    /// @param prefix of the tower's names in the model
    /// @param own    prefix of its names in its own file
    /// @param probe  a tensor that every such tower has
    /// @param what   the tower and how it is named, for errors
    private void graft(String prefix, String own, String probe, Optional<Path> tower, String what) {
        if (tower.isEmpty()) {
            if (root.stored(prefix + probe).isEmpty()) {
                throw new AerieException("the checkpoint " + open.getFirst().path() + " does not hold " + what);
            }
            return;
        }
        if (root.stored(prefix + probe).isPresent()) {
            throw new AerieException("the checkpoint " + open.getFirst().path() + " holds the tower for which "
                    + tower.get() + " was named; leave that out");
        }
        var source = open(tower.get());
        if (source.stored(own + probe).isEmpty()) {
            throw new AerieException(
                    "cannot look through " + tower.get() + ": it has no tensor " + own + probe + "; expected " + what);
        }
        root = new Grafted(root, prefix, new Renamed(source, name -> own + name));
    }

    ParameterSource root() {
        return root;
    }

    /// Tensors of the checkpoint that the model has no use for.
    List<String> unexpected() {
        return open.getFirst().unexpected();
    }

    @Override
    public void close() {
        open.forEach(CheckpointSource::close);
    }
}

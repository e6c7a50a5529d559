package dev.aerie.lab.radio;

import dev.aerie.lab.pretrain.ExpertEye;
import dev.aerie.lab.pretrain.Eye;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.CheckpointSource;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.FeatureMap;
import dev.aerie.weights.Checkpoint;
import java.util.List;
import java.util.Optional;

/// An expert that stays as it is. Its features come standardised, in float32 and without a history. A batch is looked
/// at once, however many ask for it one after another.
final class Frozen implements Eye, AutoCloseable {

    private final ExpertFile file;
    private final CheckpointSource source;
    private final Eye eye;
    private final PhiS standard;
    private List<Drawing> batch = List.of();
    private Optional<FeatureMap> seen = Optional.empty();

    private Frozen(ExpertFile file, CheckpointSource source, DType precision, PhiS standard) {
        this.file = file;
        this.source = source;
        this.standard = standard;
        eye = eye(file, source, precision);
    }

    /// @param precision that the expert computes in
    static Frozen open(ExpertFile file, DType precision, PhiS standard) {
        var source = new CheckpointSource(Checkpoint.open(file.file()));
        try {
            return new Frozen(file, source, precision, standard);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static Eye eye(ExpertFile file, CheckpointSource source, DType precision) {
        return ExpertEye.of(file.kind().make(source, file.input()), precision);
    }

    /// What standardises an expert's features: their moments over some pictures, batch by batch.
    static Moments moments(ExpertFile file, DType precision, Iterable<List<Drawing>> batches) {
        try (var source = new CheckpointSource(Checkpoint.open(file.file()))) {
            var eye = eye(file, source, precision);
            Optional<Moments> all = Optional.empty();
            for (var batch : batches) {
                var moments = Gradients.without(() -> {
                    try (var _ = TensorScope.open()) {
                        return Moments.of(eye.look(batch).tokens().flatten(0, 1));
                    }
                });
                all = Optional.of(all.map(sofar -> sofar.plus(moments)).orElse(moments));
            }
            return all.orElseThrow();
        }
    }

    String name() {
        return file.name();
    }

    ExpertFile file() {
        return file;
    }

    PhiS standard() {
        return standard;
    }

    @Override
    public ExpertSpec spec() {
        return eye.spec();
    }

    @Override
    public FeatureMap look(List<Drawing> batch) {
        if (batch != this.batch || seen.isEmpty()) {
            forget();
            seen = Optional.of(Gradients.without(() -> see(batch)));
            this.batch = batch;
        }
        return seen.orElseThrow();
    }

    private FeatureMap see(List<Drawing> batch) {
        try (var _ = TensorScope.open()) {
            var map = eye.look(batch);
            var tokens = standard.apply(map.tokens()).retain(); // [B, h·w, C]
            return new FeatureMap(tokens, map.height(), map.width());
        }
    }

    private void forget() {
        seen.map(FeatureMap::tokens).ifPresent(Tensor::close);
        seen = Optional.empty();
    }

    @Override
    public void close() {
        forget();
        standard.close();
        source.close();
    }
}

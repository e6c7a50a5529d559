package dev.aerie.eagle;

import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.VisionExpert;
import java.util.List;
import java.util.function.IntFunction;

/// One expert alone, its map used as it is: LLaVA-1.5's CLIP, or any expert without a mixture.
public record SingleTower(VisionExpert expert) implements VisionTower {

    @Override
    public List<ExpertSpec> experts() {
        return List.of(expert.spec());
    }

    @Override
    public int input() {
        return expert.spec().input();
    }

    @Override
    public int tokens() {
        return expert.spec().grid() * expert.spec().grid();
    }

    @Override
    public int channels() {
        return expert.spec().channels();
    }

    @Override
    public Tensor encode(Tensor pixels, Progress progress, IntFunction<Between> between) {
        progress.at(expert.spec().name(), 0, 1);
        return expert.encode(pixels, between.apply(0)).tokens();
    }
}

package dev.aerie.eagle;

import dev.aerie.fusion.FusionSpec;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Size;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.ExpertSpec;
import dev.aerie.vision.VisionExpert;
import java.util.List;
import java.util.Optional;
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
    public FusionSpec fusion() {
        var spec = expert.spec();
        return FusionSpec.plain(1, spec.grid() * spec.grid(), spec.channels());
    }

    @Override
    public Optional<Size> map(int width, int height) {
        int patch = input() / expert.spec().grid();
        return Optional.of(new Size(width / patch, height / patch));
    }

    @Override
    public int unmerged() {
        return expert.spec().grid();
    }

    @Override
    public Seen encode(Tensor pixels, Routes routes, Progress progress, IntFunction<Between> experts, Between fusion) {
        progress.at(expert.spec().name(), 0, 1);
        return Seen.of(expert.encode(pixels, experts.apply(0)).tokens());
    }
}

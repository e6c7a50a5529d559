package dev.aerie.fusion;

import dev.aerie.nn.Beside;
import dev.aerie.nn.Between;
import dev.aerie.tensor.Tensor;
import dev.aerie.vision.FeatureMap;
import java.util.List;
import java.util.stream.IntStream;

/// Joins what several experts see into one row of features per picture. Most methods do so in [#fuse] alone; some also
/// work between the blocks of an expert, or between the layers of the decoder.
public interface Fusion {

    FusionSpec spec();

    /// The order in which the experts look; one that others work inside of looks last.
    default List<Integer> order() {
        return IntStream.range(0, spec().experts()).boxed().toList();
    }

    /// What happens between the blocks of an expert.
    ///
    /// @param seen maps of the experts that have looked before it, in the order of looking
    default Between inside(int expert, List<FeatureMap> seen) {
        return Between.NOTHING;
    }

    /// Whether it reads the maps of all stages of an expert that has such.
    default boolean usesStages() {
        return false;
    }

    /// @param maps    one per expert, in the mixture's order
    /// @param between is told which results several blocks will read
    Seen fuse(List<FeatureMap> maps, Between between);

    /// Whether it can do with some of the experts, as [Routes] say.
    default boolean routes() {
        return false;
    }

    /// The same where some experts did not look at some pictures: there, their maps say nothing.
    ///
    /// @param routes all experts for all pictures unless [#routes]
    default Seen fuse(List<FeatureMap> maps, Routes routes, Between between) {
        return fuse(maps, between);
    }

    /// What happens between the decoder's layers.
    ///
    /// @param places where the pictures stand in the decoder's rows
    /// @param beside what [#fuse] kept for the decoder, of all pictures; empty without pictures
    default Beside beside(Places places, List<Tensor> beside) {
        return Beside.NOTHING;
    }
}

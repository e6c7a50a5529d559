package dev.aerie.train.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/// Training data that is made instead of read. A recipe names it where a mixture's file could stand, and every
/// sample is new: there are as many as the stage takes.
///
/// A module brings its sources as [ExamplesSources].
public interface ExamplesSource {

    /// What recipes call it.
    String name();

    /// The samples of a request: the same for equal requests.
    Examples open(Request request);

    /// What samples are for. Those of one use never come up in the other.
    enum Use {
        TRAINING,
        VALIDATION
    }

    /// @param folder of what a source may be told beside its name, where the recipe names one
    /// @param size   how many
    /// @param seed   from 0 on; other seeds give other samples
    /// @param maker  what the model wants of a sample: vocabulary, template, pictures, longest row
    record Request(Use use, Optional<Path> folder, long size, long seed, SampleMaker maker) {}

    /// The source of this name among the modules at hand.
    static Optional<ExamplesSource> named(String name) {
        return ServiceLoader.load(ExamplesSources.class).stream()
                .flatMap(provider -> provider.get().all().stream())
                .filter(source -> source.name().equals(name))
                .findFirst();
    }
}

package dev.aerie.train.data;

import java.util.List;

/// The sources of examples that a module brings. It names its class in a line of
/// `META-INF/services/dev.aerie.train.data.ExamplesSources`.
public interface ExamplesSources {

    /// All of them, under different names.
    List<ExamplesSource> all();
}

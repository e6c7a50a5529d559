package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.train.data.ExamplesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The names by which recipes take data of the drawn world.
class WorldSourcesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "world",
                "world-found",
                "world-captions",
                "world-pages",
                "world-notes",
                "world-blind",
                "easy-world",
                "easy-world-found",
                "easy-world-captions",
                "easy-world-pages",
                "easy-world-notes",
                "easy-world-blind",
                "linked-world-notes"
            })
    void isFoundByItsName(String name) {
        assertThat(ExamplesSource.named(name)).map(ExamplesSource::name).contains(name);
    }

    @Test
    void everyNameIsOfOneSource() {
        assertThat(new WorldSources().all()).extracting(ExamplesSource::name).doesNotHaveDuplicates();
        assertThat(ExamplesSource.named("world-nothing")).isEmpty();
    }
}

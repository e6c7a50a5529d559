package dev.aerie.lab.eaglet;

import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.LoadOptions;
import dev.aerie.eagle.Looking;
import dev.aerie.fusion.Routes;
import dev.aerie.lab.world.Question;
import java.nio.file.Path;

/// Which experts look at a picture for a question about it, as a checkpoint would answer the question.
record Lookers(Eagle eagle) implements AutoCloseable {

    static Lookers of(Path checkpoint, Looking looking) {
        return new Lookers(Eagle.open(checkpoint, LoadOptions.DEFAULT.withLooking(looking)));
    }

    Routes of(Question question) {
        return eagle.routes(question.text());
    }

    @Override
    public void close() {
        eagle.close();
    }
}

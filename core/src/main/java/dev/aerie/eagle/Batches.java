package dev.aerie.eagle;

import dev.aerie.AerieException;
import java.util.List;

/// Batches of questions one after the other. The features of the pictures last looked at are kept between them, so that
/// many questions about one picture look at it once. Used by one thread at a time.
public final class Batches implements AutoCloseable {

    private final Eagle eagle;
    private final Eyes eyes;
    private final int pictures;

    Batches(Eagle eagle, int pictures) {
        if (pictures < 0) {
            throw new AerieException("cannot keep the features of " + pictures + " pictures: expected 0 or more");
        }
        this.eagle = eagle;
        this.pictures = pictures;
        eyes = eagle.eyes();
    }

    /// Answers several questions in one batch, as each alone would be answered.
    public List<Answer> ask(List<Question> questions, AnswerOptions how) {
        if (questions.isEmpty()) {
            return List.of();
        }
        return eagle.compute().call(() -> {
            try {
                return new Batch(eagle, eyes).ask(questions, how);
            } finally {
                eyes.forgetAllBut(pictures);
            }
        });
    }

    @Override
    public void close() {
        eagle.compute().call(() -> {
            eyes.close();
            return true;
        });
    }
}

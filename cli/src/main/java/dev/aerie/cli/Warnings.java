package dev.aerie.cli;

import dev.aerie.eagle.Answer;
import java.io.PrintWriter;

/// What a user should know of an answer beside its text.
final class Warnings {

    private Warnings() {}

    static void ofCut(Answer answer, PrintWriter err) {
        if (answer.cut() > 0) {
            err.println("aerie: the last " + answer.cut() + " tokens of the prompt were not read, because it is longer"
                    + " than the model was trained with; --whole-prompt reads all of it");
        }
    }
}

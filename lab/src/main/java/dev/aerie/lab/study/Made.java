package dev.aerie.lab.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What came of a work.
///
/// @param seconds    of computing, on one thread; of work that was interrupted, what counted
/// @param parameters of the model, or the expert
/// @param flops      of the whole training, as planned; 0 where none was planned
/// @param loss       over the steps, at most [#POINTS] means
/// @param scores     what was measured on the way and at the end, by name
/// @param answers    right answers picture by picture, where it is a score
/// @param listening  which expert tokens listen to, where it is a score of a mixture that tells
public record Made(
        String title,
        double seconds,
        long parameters,
        double flops,
        List<Point> loss,
        Map<String, Double> scores,
        Map<String, Answers> answers,
        List<Listening.Map> listening) {

    static final int POINTS = 60;

    /// The mean of the steps up to this one.
    public record Point(long step, double value) {}

    /// The answers of one family: a digit to the base 36 for each picture, 0 where nothing of it was asked.
    public record Answers(String right, String asked) {}

    /// The answers of a family that there must be.
    Answers answers(String family) {
        return Objects.requireNonNull(answers.get(family), family);
    }

    public Made {
        loss = List.copyOf(loss);
        listening = List.copyOf(listening);
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }
}

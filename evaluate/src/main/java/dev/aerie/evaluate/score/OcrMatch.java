package dev.aerie.evaluate.score;

import java.util.List;

/// OCRBench (Liu et al. 2023): an answer is right if a truth stands in it, whatever the case.
///
/// Formulas of HME100k are compared without spaces and with their case. The reference lowers the answer's case but not
/// the truth's, so that a truth with capitals is never met; the strict form, as OCRBench's authors, lowers neither.
///
/// @param strict without this fault
public record OcrMatch(boolean strict) {

    private static final String FORMULAS = "HME100k";

    public double of(String dataset, List<String> truths, String answer) {
        return truths.stream().anyMatch(truth -> matches(dataset, truth, answer)) ? 1 : 0;
    }

    private boolean matches(String dataset, String truth, String answer) {
        if (dataset.equals(FORMULAS)) {
            var given = line(strict ? answer : Python.lower(answer)).replace(" ", "");
            return given.contains(line(truth).replace(" ", ""));
        }
        return line(Python.lower(answer)).contains(line(Python.lower(truth)));
    }

    private static String line(String text) {
        return Python.strip(text).replace('\n', ' ');
    }
}

package dev.aerie.evaluate.score;

import java.util.List;

/// Questions to be answered by yes or no: what is read in an answer, and what MME and POPE make of many.
public final class YesNo {

    public static final String YES = "yes";
    public static final String NO = "no";

    /// What is neither.
    public static final String OTHER = "other";

    private static final int BEGINNING = 4;

    private YesNo() {}

    /// MME: yes or no itself, else what the first four characters contain.
    public static String mme(String answer) {
        var text = Python.strip(Python.lower(answer)).replace(".", "");
        if (text.equals(YES) || text.equals(NO)) {
            return text;
        }
        var beginning = text.substring(0, text.offsetByCodePoints(0, Math.min(BEGINNING, Python.length(text))));
        return beginning.contains(YES) ? YES : beginning.contains(NO) ? NO : OTHER;
    }

    /// POPE: nothing but the word is yes or no, so that "yes." is neither. The strict form reads as [#mme] does.
    public static String pope(String answer, boolean strict) {
        return strict ? mme(answer) : Python.strip(Python.lower(answer));
    }

    /// MME's score of a picture's questions: the share that is right, and a second time whether both are. In percent.
    public static double mmePair(List<Double> scores) {
        double right = scores.stream().mapToDouble(Double::doubleValue).sum();
        return 100 * (scores.isEmpty() ? 0 : right / scores.size()) + (right == 2 ? 100 : 0);
    }

    /// One of POPE's answers.
    public record Pair(String truth, String answer) {}

    /// POPE's measures of many answers; yes is what is to be found.
    ///
    /// @param yesRatio the share of yes: of the truths in the reference, of the answers in the strict form
    public record Measures(double accuracy, double precision, double recall, double f1, double yesRatio) {

        /// Answers that are neither vanish from precision and recall; the strict form counts them as a miss where the
        /// truth is yes.
        public static Measures of(List<Pair> pairs, boolean strict) {
            int right = 0;
            int found = 0;
            int wronglyFound = 0;
            int missed = 0;
            int yes = 0;
            for (var pair : pairs) {
                boolean isYes = pair.truth.equals(YES);
                right += pair.answer.equals(pair.truth) ? 1 : 0;
                found += isYes && pair.answer.equals(YES) ? 1 : 0;
                wronglyFound += pair.truth.equals(NO) && pair.answer.equals(YES) ? 1 : 0;
                missed += isYes && (strict ? !pair.answer.equals(YES) : pair.answer.equals(NO)) ? 1 : 0;
                yes += (strict ? pair.answer : pair.truth).equals(YES) ? 1 : 0;
            }
            double precision = share(found, found + wronglyFound);
            double recall = share(found, found + missed);
            double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            return new Measures(share(right, pairs.size()), precision, recall, f1, share(yes, pairs.size()));
        }

        private static double share(int part, int all) {
            return all == 0 ? 0 : (double) part / all;
        }
    }
}

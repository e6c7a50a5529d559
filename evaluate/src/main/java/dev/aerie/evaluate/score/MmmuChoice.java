package dev.aerie.evaluate.score;

import java.util.ArrayList;
import java.util.List;

/// MMMU's reading of an answer to a question with options (Yue et al. 2023).
///
/// @param letter of the option
/// @param drawn  nothing was found: the letter is drawn, as in the reference, but always the same for the same answer
public record MmmuChoice(String letter, boolean drawn) {

    private static final String EDGES = ",.!?;:'";

    /// An answer of more words is looked through for an option's text.
    private static final int LONG = 5;

    /// How a candidate is written where it is found.
    private enum Form {
        BRACKETS,
        WORD,
        TEXT
    }

    /// @param options at least one
    public static MmmuChoice parse(String answer, List<String> options) {
        var text = answer;
        for (int i = 0; i < EDGES.length(); i++) {
            text = Python.strip(text, EDGES.charAt(i));
        }
        text = " " + text + " ";
        var found = having(text, options, "(", ")");
        if (!found.isEmpty()) {
            return last(text, options, found, Form.BRACKETS);
        }
        found = having(text, options, "", " ");
        if (found.isEmpty()) {
            found = having(text, options, "", ".");
        }
        if (!found.isEmpty()) {
            return last(text, options, found, Form.WORD);
        }
        found = Python.split(text).size() > LONG ? named(text, options) : found;
        return found.isEmpty() ? draw(answer, options) : last(text, options, found, Form.TEXT);
    }

    private static List<Integer> having(String text, List<String> options, String before, String after) {
        var found = new ArrayList<Integer>();
        for (int i = 0; i < options.size(); i++) {
            if (text.contains(before + Letters.of(i) + after)) {
                found.add(i);
            }
        }
        return found;
    }

    private static List<Integer> named(String text, List<String> options) {
        var found = new ArrayList<Integer>();
        for (int i = 0; i < options.size(); i++) {
            if (Python.lower(text).contains(Python.lower(options.get(i)))) {
                found.add(i);
            }
        }
        return found;
    }

    /// Of several, the one that stands last.
    private static MmmuChoice last(String text, List<String> options, List<Integer> found, Form form) {
        int best = found.getFirst();
        int place = Integer.MIN_VALUE;
        for (int each : found) {
            int at = switch (form) {
                case BRACKETS -> text.lastIndexOf("(" + Letters.of(each) + ")");
                case WORD -> text.lastIndexOf(" " + Letters.of(each) + " ");
                case TEXT -> Python.lower(text).lastIndexOf(Python.lower(options.get(each)));
            };
            if (at > place) {
                place = at;
                best = each;
            }
        }
        return new MmmuChoice(Letters.of(best), false);
    }

    private static MmmuChoice draw(String answer, List<String> options) {
        return new MmmuChoice(Draw.letter(answer + options, options.size()), true);
    }
}

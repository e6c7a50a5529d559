package dev.aerie.evaluate.score;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// MathVista (Lu et al. 2023): brings an extracted answer to the form of the true one.
///
/// @param choices  texts of the options; empty for free answers
/// @param multiple whether an option is asked for
/// @param type     `text`, `integer`, `float` or `list`
public record MathVistaAnswer(List<String> choices, boolean multiple, String type, Precision precision) {

    private static final Pattern LETTER = Pattern.compile("\\(([a-zA-Z])\\)");
    private static final Pattern QUOTED = Pattern.compile("The answer is \"(.*)\"\\.");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?");

    /// The places of a decimal fraction. The published data gives them as floats, with which the reference's rounding
    /// fails, so that every float answer is wrong.
    ///
    /// @param integer false: as the published data has it
    public record Precision(int places, boolean integer) {

        /// Nothing is said of them: Python then rounds to a whole number.
        public static final Precision NONE = new Precision(-1, true);

        Optional<String> round(double value) {
            if (equals(NONE)) {
                return Double.isFinite(value)
                        ? Optional.of(new BigDecimal(value)
                                .setScale(0, RoundingMode.HALF_EVEN)
                                .toBigInteger()
                                .toString())
                        : Optional.empty();
            }
            return integer ? Optional.of(Python.text(Python.round(value, places))) : Optional.empty();
        }
    }

    public MathVistaAnswer {
        choices = List.copyOf(choices);
    }

    /// The answer in the true one's form; empty where there is none.
    public Optional<String> normalise(String extraction) {
        if (multiple) {
            return option(Python.strip(extraction));
        }
        return switch (type) {
            case "integer" -> integer(extraction);
            case "float" ->
                Python.number(extraction).stream().boxed().findFirst().flatMap(precision::round);
            default -> Optional.of(extraction);
        };
    }

    private Optional<String> option(String extraction) {
        var letter = LETTER.matcher(extraction);
        var text = letter.find() ? letter.group(1).toUpperCase(Locale.ROOT) : extraction;
        for (int i = 0; i < choices.size(); i++) {
            if (text.equals(Letters.of(i))) {
                return Optional.of(choices.get(i));
            }
        }
        return nearest(text);
    }

    /// The first of the nearest.
    private Optional<String> nearest(String text) {
        Optional<String> best = Optional.empty();
        int least = Integer.MAX_VALUE;
        for (var choice : choices) {
            int distance = EditDistance.of(text, choice);
            if (distance < least) {
                least = distance;
                best = Optional.of(choice);
            }
        }
        return best;
    }

    /// Toward zero, as Python's `int(float(x))`.
    private static Optional<String> integer(String extraction) {
        var number = Python.number(extraction);
        return number.isPresent() && Double.isFinite(number.getAsDouble())
                ? Optional.of(
                        new BigDecimal(number.getAsDouble()).toBigInteger().toString())
                : Optional.empty();
    }

    /// The answer where it stands alone: an option's text, a whole number, a number. What is not direct the reference
    /// has a language model extract.
    public Optional<String> direct(String answer) {
        if (answer.isEmpty() || (multiple && choices.contains(answer))) {
            return Optional.of(answer);
        }
        return switch (type) {
            case "integer" -> Python.integer(answer).map(Object::toString);
            case "float" ->
                Python.number(answer).stream().mapToObj(Python::text).findFirst();
            default -> Optional.empty();
        };
    }

    /// What rules find where no language model is asked: a quoted answer; else the option that is meant, or for a
    /// number the last in the text; else the whole text.
    public String byRule(String answer) {
        var quoted = QUOTED.matcher(answer);
        if (quoted.find()) {
            return quoted.group(1);
        }
        if (multiple) {
            var options = new LinkedHashMap<String, String>();
            choices.forEach(choice -> options.put(Letters.of(options.size()), choice));
            return OptionInference.infer(answer, options)
                    .filter(options::containsKey)
                    .map(options::get)
                    .orElse(answer);
        }
        if (!type.equals("integer") && !type.equals("float")) {
            return answer;
        }
        return NUMBER.matcher(answer.replaceAll("(?<=\\d),(?=\\d{3})", ""))
                .results()
                .reduce((_, last) -> last)
                .map(last -> last.group())
                .orElse(answer);
    }
}

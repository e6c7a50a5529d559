package dev.aerie.evaluate.score;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// MMMU's reading of a free answer (Yue et al. 2023): what may be its point, as texts and as numbers of two places.
public final class MmmuOpen {

    private static final List<String> INDICATORS =
            List.of("could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result ");
    private static final Set<String> TRIVIAL = Set.of(":", ",", ".", "!", "?", ";", "'");
    private static final Pattern SENTENCE = Pattern.compile("\\.\\s(?=[A-Z])|\\n", Pattern.UNICODE_CHARACTER_CLASS);
    /// Python's edges of words beside a digit; Java's take a combining mark for a part of a word.
    private static final String BEGIN = "(?<![\\p{L}\\p{N}_])";

    private static final String END = "(?![\\p{L}\\p{N}_])";

    private static final List<Pattern> NUMBERS = List.of(
            Pattern.compile("-?" + BEGIN + "\\d{1,3}(?:,\\d{3})+" + END, Pattern.UNICODE_CHARACTER_CLASS),
            Pattern.compile("-?\\d+(?:\\.\\d+)?[eE][+-]?\\d+", Pattern.UNICODE_CHARACTER_CLASS),
            Pattern.compile(
                    "-?(?:\\d+\\.\\d+|\\.\\d+|\\d+" + END + ")(?![eE][+-]?\\d+)(?![,\\d])",
                    Pattern.UNICODE_CHARACTER_CLASS));

    private MmmuOpen() {}

    /// What an answer may mean, or one of the right answers.
    public sealed interface Value {

        /// As Python writes it.
        String text();
    }

    public record Words(String text) implements Value {}

    public record Numeric(double value) implements Value {

        /// As Python's sets have it, 0.0 and -0.0 are one.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Numeric(double number) && value == number;
        }

        @Override
        public int hashCode() {
            return Double.hashCode(value + 0.0); // -0.0 becomes 0.0
        }

        @Override
        public String text() {
            return Python.text(value);
        }
    }

    public static Set<Value> parse(String answer) {
        var points = points(answer);
        var all = new ArrayList<>(points);
        for (var point : points) {
            for (var numbers : NUMBERS) {
                numbers.matcher(point).results().forEach(number -> all.add(number.group()));
            }
        }
        var values = new LinkedHashSet<Value>();
        all.forEach(each -> values.addAll(values(each)));
        return values;
    }

    /// The shortest tails of sentences behind words that announce a result; the whole answer where there are none.
    private static List<String> points(String answer) {
        var text = Python.lower(Python.strip(Python.strip(answer), '.'));
        var sentences = SENTENCE.split(text, -1);
        var points = new ArrayList<String>();
        for (int i = 0; i < sentences.length; i++) {
            tail(sentences[i], i == sentences.length - 1)
                    .filter(tail -> !TRIVIAL.contains(tail))
                    .ifPresent(points::add);
        }
        return points.isEmpty() ? List.of(text) : points;
    }

    private static Optional<String> tail(String sentence, boolean last) {
        var shortest = INDICATORS.stream().reduce("", (best, indicator) -> shorter(best, sentence, indicator));
        shortest = last ? shorter(shortest, sentence, "=") : shortest; // the last may be an equation
        return shortest.isEmpty() ? Optional.empty() : Optional.of(shortest);
    }

    /// An empty tail gives way to any other, as in the reference.
    private static String shorter(String best, String sentence, String indicator) {
        int at = sentence.lastIndexOf(indicator);
        if (at < 0) {
            return best;
        }
        var tail = Python.strip(sentence.substring(at + indicator.length()));
        return best.isEmpty() || Python.length(tail) < Python.length(best) ? tail : best;
    }

    /// A number, a text in lower case, or for one letter that letter with a space on either side.
    static List<Value> values(String text) {
        var plain = Python.strip(text);
        var number = Python.number(plain.replace(",", ""));
        if (number.isPresent()) {
            return List.of(new Numeric(Python.round(number.getAsDouble(), 2)));
        }
        var lower = Python.lower(plain);
        return Python.length(lower) == 1
                ? List.of(new Words(" " + lower), new Words(lower + " "))
                : List.of(new Words(lower));
    }

    /// Whether a right number is among the parsed, or a right text stands in a parsed one.
    public static boolean isRight(List<String> truths, Set<Value> parsed) {
        return truths.stream()
                .flatMap(truth -> values(truth).stream())
                .anyMatch(truth -> parsed.stream().anyMatch(value -> matches(truth, value)));
    }

    private static boolean matches(Value truth, Value value) {
        return switch (value) {
            case Numeric(double given) -> truth instanceof Numeric(double expected) && expected == given;
            case Words(String given) -> truth instanceof Words(String expected) && given.contains(expected);
        };
    }
}

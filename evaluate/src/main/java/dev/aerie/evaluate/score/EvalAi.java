package dev.aerie.evaluate.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The normal form of an answer in which the VQA challenges compare (Antol et al. 2015; the server EvalAI).
///
/// The reference's pattern for full stops has a malformed look-behind, so that a stop goes unless a
/// digit follows, and a flag in the place of a count, so that only the first 32 go. The strict form
/// keeps a stop beside a digit on either side and has no such limit.
///
/// @param strict without these faults
public record EvalAi(boolean strict) {

    private static final String PUNCTUATION = ";/[]\"{}()=+\\_-><@`,?!";
    private static final Pattern COMMA = Pattern.compile("(?<=\\p{Nd}),+(?=\\p{Nd})");
    private static final Pattern STOP = Pattern.compile("\\.(?!\\p{Nd})");
    private static final Pattern STRICT_STOP = Pattern.compile("(?<!\\p{Nd})\\.(?!\\p{Nd})");

    /// The value of Python's `re.UNICODE`.
    private static final int MOST_STOPS = 32;

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final Map<String, String> NUMBERS = Map.ofEntries(
            Map.entry("none", "0"),
            Map.entry("zero", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"));
    private static final Map<String, String> CONTRACTIONS = contractions();

    /// Each line: the right spelling, then those that mean it.
    private static Map<String, String> contractions() {
        try (var in = Objects.requireNonNull(EvalAi.class.getResourceAsStream("contractions.txt"))) {
            var map = new HashMap<String, String>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                var words = line.split(" ", -1);
                for (int i = 1; i < words.length; i++) {
                    map.put(words[i], words[0]);
                }
            });
            return Map.copyOf(map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All steps, as for a model's answer.
    public String normalise(String answer) {
        var words = Python.lower(answer).replace(",", "").replace("?", "").replace("'s", " 's");
        var line = Python.strip(Python.strip(words).replace('\n', ' ').replace('\t', ' '));
        return words(punctuation(line));
    }

    /// The steps for an annotator's answer in VQAv2.
    String annotated(String answer) {
        return words(punctuation(answer));
    }

    /// A mark that touches a space anywhere goes; any other becomes a space. A comma between digits makes all marks go.
    private String punctuation(String text) {
        boolean commaInNumber = COMMA.matcher(text).find();
        var out = text;
        for (int i = 0; i < PUNCTUATION.length(); i++) {
            var mark = PUNCTUATION.substring(i, i + 1);
            boolean goes = commaInNumber || text.contains(mark + " ") || text.contains(" " + mark);
            out = out.replace(mark, goes ? "" : " ");
        }
        return strict ? STRICT_STOP.matcher(out).replaceAll("") : withoutStops(out);
    }

    private static String withoutStops(String text) {
        var stops = STOP.matcher(text);
        var out = new StringBuilder();
        for (int count = 0; count < MOST_STOPS && stops.find(); count++) {
            stops.appendReplacement(out, "");
        }
        return stops.appendTail(out).toString();
    }

    /// Number words become digits, articles go, contractions get their apostrophes.
    private static String words(String text) {
        return Python.split(Python.lower(text)).stream()
                .map(word -> NUMBERS.getOrDefault(word, word))
                .filter(word -> !ARTICLES.contains(word))
                .map(word -> CONTRACTIONS.getOrDefault(word, word))
                .collect(Collectors.joining(" "));
    }
}

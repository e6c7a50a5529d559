package dev.aerie.cli;

import dev.aerie.text.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Words that a closed vocabulary does not have: a model of the miniature world reads them letter by letter, as it
/// reads signs.
final class UnknownWords {

    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Tokenizer tokenizer;

    UnknownWords(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The words of a text, in its order and each once: those that are no token, and neither a letter nor a number nor
    /// written in the picture.
    ///
    /// @param written texts whose words are not reported
    List<String> in(String text, List<String> written) {
        var known = new LinkedHashSet<String>();
        written.forEach(each -> known.addAll(words(each)));
        return words(text).stream()
                .filter(word -> !known.contains(word) && !isKnown(word))
                .toList();
    }

    private static Set<String> words(String text) {
        var words = new LinkedHashSet<>(List.of(BETWEEN.split(text.toLowerCase(Locale.ROOT))));
        words.remove("");
        return words;
    }

    private boolean isKnown(String word) {
        var ids = Arrays.stream(tokenizer.encode(word))
                .filter(id -> tokenizer.bos().stream().noneMatch(bos -> bos == id))
                .toArray();
        boolean spelled =
                ids.length > 1 && word.length() > 1 && !NUMBER.matcher(word).matches();
        boolean lost =
                Arrays.stream(ids).anyMatch(id -> tokenizer.unk().stream().anyMatch(unk -> unk == id));
        return !spelled && !lost;
    }
}

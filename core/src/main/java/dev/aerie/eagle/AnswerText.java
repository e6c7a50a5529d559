package dev.aerie.eagle;

import dev.aerie.text.StreamingDecoder;
import dev.aerie.text.Whitespace;
import java.util.List;
import java.util.Set;

/// Turns generated tokens into text for a listener and watches for stop strings. Text that might be the beginning of a
/// stop string is held back until it is certain.
final class AnswerText {

    private final StreamingDecoder decoder;
    private final Set<Integer> endTokens;
    private final List<String> stops;
    private final AnswerListener listener;
    private final StringBuilder said = new StringBuilder();
    private String held = "";
    private boolean stopped;

    AnswerText(StreamingDecoder decoder, Set<Integer> endTokens, List<String> stops, AnswerListener listener) {
        this.decoder = decoder;
        this.endTokens = endTokens;
        this.stops = stops;
        this.listener = listener;
    }

    /// @return whether the answer goes on
    boolean accept(int id) {
        boolean goesOn = endTokens.contains(id) || push(decoder.next(id));
        return goesOn && goesOn();
    }

    /// Whether the listener wants more.
    boolean goesOn() {
        return listener.goesOn();
    }

    /// Says the rest; the whole text without outer white space, as Python's `strip` has it.
    String finish() {
        if (!stopped) {
            if (push(decoder.finish())) {
                say(held);
            }
        }
        return Whitespace.strip(said.toString());
    }

    private boolean push(String text) {
        if (stopped) {
            return false;
        }
        held += text;
        int stop = firstStop();
        if (stop >= 0) {
            stopped = true;
            say(held.substring(0, stop));
            return false;
        }
        int safe = held.length() - longestBeginning();
        var certain = held.substring(0, safe);
        held = held.substring(safe);
        if (!say(certain)) {
            stopped = true;
        }
        return !stopped;
    }

    private boolean say(String text) {
        said.append(text);
        return text.isEmpty() || listener.accept(text);
    }

    private int firstStop() {
        int first = -1;
        for (var stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /// Characters at the end of the held text that a stop string begins with.
    private int longestBeginning() {
        int longest = 0;
        for (var stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}

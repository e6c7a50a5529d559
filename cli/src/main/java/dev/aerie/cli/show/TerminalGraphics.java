package dev.aerie.cli.show;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Finds out what a terminal can show: from the environment, where the terminal has a name there, else by asking it.
public final class TerminalGraphics {

    private static final Set<String> KITTY_PROGRAMS = Set.of("ghostty", "wezterm");
    private static final Set<String> SIXEL_PROGRAMS = Set.of("iterm.app", "mintty");
    private static final Set<String> SIXEL_TERMS = Set.of("foot", "foot-extra", "mlterm", "yaft-256color");

    /// "Send your attributes" (ECMA-48 DA); the answer is `ESC [ ? class ; attribute ; … c`.
    private static final String QUESTION = "\033[c";

    private static final String SIXEL_ATTRIBUTE = "4";
    private static final int LONGEST_ANSWER = 128;

    /// A terminal's input.
    public interface Input {
        /// The next character; negative if none comes within so many milliseconds.
        int read(long milliseconds) throws IOException;
    }

    private TerminalGraphics() {}

    /// @param environment of the process
    /// @param attributes  what the terminal answers to [#ask]; only asked for if the environment does not tell
    public static Show detect(Map<String, String> environment, Supplier<String> attributes) {
        var term = environment.getOrDefault("TERM", "").toLowerCase(Locale.ROOT);
        var program = environment.getOrDefault("TERM_PROGRAM", "").toLowerCase(Locale.ROOT);
        if (term.isEmpty() || term.equals("dumb")) {
            return Show.PNG;
        }
        // Within a multiplexer the terminal's own variables are inherited, but its pictures do not get through.
        boolean multiplexed = environment.containsKey("TMUX") || term.startsWith("screen") || term.startsWith("tmux");
        if (!multiplexed) {
            if (environment.containsKey("KITTY_WINDOW_ID")
                    || term.contains("kitty")
                    || term.contains("ghostty")
                    || KITTY_PROGRAMS.contains(program)) {
                return Show.KITTY;
            }
            if (term.contains("sixel") || SIXEL_TERMS.contains(term) || SIXEL_PROGRAMS.contains(program)) {
                return Show.SIXEL;
            }
        }
        return hasSixel(attributes.get()) ? Show.SIXEL : Show.BLOCKS;
    }

    /// Asks a terminal in raw mode for its attributes; empty if it does not answer in time.
    ///
    /// @param limit milliseconds to wait at most
    public static String ask(Input input, Writer output, long limit) {
        long end = System.nanoTime() + limit * 1_000_000;
        var answer = new StringBuilder();
        try {
            output.write(QUESTION);
            output.flush();
            while (answer.length() < LONGEST_ANSWER) {
                long left = (end - System.nanoTime()) / 1_000_000;
                int next = left > 0 ? input.read(left) : -1;
                if (next < 0) {
                    return "";
                }
                answer.append((char) next);
                if (next == 'c' && answer.indexOf("\033[?") >= 0) {
                    return answer.toString();
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }

    /// The first number is the terminal's class.
    private static boolean hasSixel(String attributes) {
        int begin = attributes.indexOf("\033[?");
        return begin >= 0
                && attributes.endsWith("c")
                && Arrays.stream(attributes
                                .substring(begin + 3, attributes.length() - 1)
                                .split(";", -1))
                        .skip(1)
                        .anyMatch(SIXEL_ATTRIBUTE::equals);
    }
}

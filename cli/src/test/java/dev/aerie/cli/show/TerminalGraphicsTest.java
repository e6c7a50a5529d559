package dev.aerie.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalGraphicsTest {

    private static final String WITH_SIXEL = "\033[?62;4;22c";
    private static final String WITHOUT = "\033[?64;22c";

    @Test
    void theEnvironmentTellsFirst() {
        is(Show.KITTY, "TERM", "xterm-kitty");
        is(Show.KITTY, "TERM", "xterm-256color", "KITTY_WINDOW_ID", "1");
        is(Show.KITTY, "TERM", "xterm-ghostty");
        is(Show.KITTY, "TERM", "xterm-256color", "TERM_PROGRAM", "WezTerm");
        is(Show.SIXEL, "TERM", "foot");
        is(Show.SIXEL, "TERM", "xterm-256color", "TERM_PROGRAM", "iTerm.app");
        is(Show.PNG, "TERM", "dumb");
        is(Show.PNG);
    }

    private static void is(Show expected, String... environment) {
        assertThat(TerminalGraphics.detect(map(environment), () -> {
                    throw new AssertionError("asked in spite of the environment");
                }))
                .isEqualTo(expected);
    }

    @Test
    void elseTheTerminalIsAsked() {
        var xterm = map("TERM", "xterm-256color");
        assertThat(TerminalGraphics.detect(xterm, () -> WITH_SIXEL)).isEqualTo(Show.SIXEL);
        for (var answer : new String[] {WITHOUT, "", "\033[?4c", "\033[?62;4", "nonsense;4;c", "\033[?62;44c"}) {
            assertThat(TerminalGraphics.detect(xterm, () -> answer)).isEqualTo(Show.BLOCKS);
        }
    }

    /// A multiplexer inherits kitty's variables but not its pictures.
    @Test
    void aMultiplexerIsAskedItself() {
        var tmux = map("TERM", "tmux-256color", "TMUX", "/tmp/x", "KITTY_WINDOW_ID", "1", "TERM_PROGRAM", "tmux");
        assertThat(TerminalGraphics.detect(tmux, () -> WITHOUT)).isEqualTo(Show.BLOCKS);
        assertThat(TerminalGraphics.detect(tmux, () -> WITH_SIXEL)).isEqualTo(Show.SIXEL);
    }

    @Test
    void askingEndsWithTheAnswerOrInTime() {
        var asked = new StringWriter();
        assertThat(TerminalGraphics.ask(typed(WITH_SIXEL + "later"), asked, 60_000))
                .isEqualTo(WITH_SIXEL);
        assertThat(asked).hasToString("\033[c");
        for (var silent : new String[] {"", "\033[?62;4", "x".repeat(10_000)}) {
            assertThat(TerminalGraphics.ask(typed(silent), new StringWriter(), 60_000))
                    .isEmpty();
        }
        assertThat(TerminalGraphics.ask(typed(WITH_SIXEL), new StringWriter(), 0))
                .isEmpty();
        TerminalGraphics.Input broken = _ -> {
            throw new IOException("hung up");
        };
        assertThat(TerminalGraphics.ask(broken, new StringWriter(), 60_000)).isEmpty();
    }

    /// What was typed, and then nothing in time.
    private static TerminalGraphics.Input typed(String text) {
        var characters = text.chars().iterator();
        return _ -> characters.hasNext() ? characters.nextInt() : -2;
    }

    private static Map<String, String> map(String... pairs) {
        var map = new HashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}

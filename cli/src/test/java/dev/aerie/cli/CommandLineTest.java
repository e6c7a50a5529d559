package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Help, and mistakes: one line and exit code 2.
class CommandLineTest {

    private static final Path X2 = Aerie.MODELS.resolve("eagle-x2-tiny");

    @TempDir
    private Path folder = Path.of("");

    /// Every verb, and those below it: `lab`, `lab score`, …
    static List<String> verbs() {
        return below(new CommandLine(new Main()), "");
    }

    private static List<String> below(CommandLine line, String before) {
        var verbs = new ArrayList<String>();
        line.getSubcommands().forEach((name, verb) -> {
            verbs.add(before + name);
            verbs.addAll(below(verb, before + name + " "));
        });
        return verbs;
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbHelps(String verb) {
        int last = verb.lastIndexOf(' ') + 1;
        assertThat(help(verb.substring(0, last)).out()).containsPattern("(?m)^  " + verb.substring(last) + " +\\p{Lu}");
        var help = help(verb + " ");
        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: aerie " + verb);
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(help.err()).isEmpty();
    }

    private static Aerie.Result help(String verb) {
        return Aerie.run((Object[]) (verb + "--help").split(" "));
    }

    @Test
    void usageMistakesAreOneLine() {
        mistake("name a verb");
        mistake("fly", "fly");
        mistake("--model", "ask", "Why?");
        mistake("QUESTION", "ask", "-m", X2);
        mistake("--frob", "ask", "-m", X2, "--frob", "Why?");
        mistake("--max-tokens", "ask", "-m", X2, "--max-tokens", "many", "Why?");
        mistake("--dtype", "ask", "-m", X2, "--dtype", "int8", "Why?");
        mistake("threads", "ask", "-m", X2, "--threads", "-3", "Why?");
        mistake("template", "ask", "-m", X2, "--template", "nobody", "Why?");
        mistake("multiple of 14", "ask", "-m", X2, "--clip-input", "300", "Why?");
        mistake("config.json", "ask", "-m", folder, "Why?");
        mistake("PATH", "inspect");
        mistake("--model", "chat");
        mistake("threads", "doctor", "--threads", "5000");
        mistake("see 'aerie lab score --help'", "lab", "score");
        mistake("leave them out", "bench", "--fusion", "sum", "--part", "prefill");
        mistake("unknown fusion 'sums'", "bench", "--fusion", "sums");
    }

    @Test
    void fabricateRefusesWithOneLine() throws IOException {
        mistake("--shape", "fabricate", folder);
        mistake("DIR", "fabricate", "--shape", "eagle-x5-7b");
        mistake("known are eagle-x4-7b", "fabricate", "--shape", "eagle-x9", folder);
        mistake("'5 apples'", "fabricate", "--shape", "eagle-x5-7b", "--shard-size", "5 apples", folder);
        mistake("0 bytes", "fabricate", "--shape", "eagle-x5-7b", "--shard-size", "0GB", folder);
        mistake("--dtype", "fabricate", "--shape", "eagle-x5-7b", "--dtype", "int8", folder);
        Files.writeString(folder.resolve("mine.txt"), "mine");
        mistake("not empty", "fabricate", "--shape", "eagle-x5-7b", folder);
        assertThat(folder.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void fabricateListsItsShapes() {
        assertThat(Aerie.run("fabricate", "--help").out().replaceAll("\\s+", " "))
                .contains("eagle-x4-7b, eagle-x4-13b")
                .contains("llava-1.5-13b");
    }

    @Test
    void debugShowsWhereAnErrorComesFrom() {
        assertThat(Aerie.run("--debug", "inspect", folder).err()).contains("at dev.aerie.");
    }

    @Test
    void wantOfMemoryIsOneLine() {
        var err = new StringWriter();
        var full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) {
                throw new OutOfMemoryError("Java heap space");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var arguments = new String[] {"--version"};
        assertThat(Main.run(arguments, new PrintWriter(full), new PrintWriter(err, true)))
                .isEqualTo(Main.FAILURE);
        assertThat(err.toString())
                .startsWith("aerie: out of memory (Java heap space")
                .hasLineCount(1);
    }

    private static void mistake(String message, Object... arguments) {
        var result = Aerie.run(arguments);
        assertThat(result.code()).describedAs(List.of(arguments).toString()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).startsWith("aerie: ").contains(message).hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }
}

package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From an expert that `lab eaglet` made to the table, in the fewest steps. What it says is noise.
class LabRadioCommandTest {

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeTheTeacher() {
        var made = Aerie.run("lab", "eaglet", folder.resolve("eaglet"), "--only", "det-1024", "--budget", "0");
        assertThat(made.code()).isZero();
    }

    /// @param options pairs of a name and a value, in the place of those that make it short
    private static Aerie.Result radio(String name, Object... options) {
        var all = new LinkedHashMap<Object, Object>(
                Map.of("--from", folder.resolve("eaglet"), "--teachers", "det-1024", "--count", 4));
        all.putAll(Map.of("--steps", 2, "--probe-steps", 2, "--batch", 2));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        var line = new ArrayList<Object>(List.of("lab", "radio", folder.resolve(name)));
        all.forEach((option, value) -> line.addAll(List.of(option, value)));
        return Aerie.run(line.toArray());
    }

    @Test
    void printsATableAndPrintsItAgain() {
        var first = radio("one");
        assertThat(first.code()).isZero();
        var number = " +-?\\d+\\.\\d %  \\(-?\\d+\\.\\d to -?\\d+\\.\\d\\)";
        assertThat(first.out().lines())
                .anyMatch(line -> line.matches("det-1024" + number))
                .anyMatch(line -> line.matches("student( " + number + " *){3}"))
                .anyMatch(line -> line.matches("alone-det-1024( " + number + " *){3}"));
        var gains = first.out().substring(first.out().indexOf("the student less"));
        assertThat(gains.lines()).hasSize(4);
        assertThat(gains.lines().skip(1))
                .allMatch(line -> line.matches("\\S+ +([-+]\\d+\\.\\d  \\(-?\\d+\\.\\d to -?\\d+\\.\\d\\) *){3}"));
        assertThat(folder.resolve("one/student.safetensors")).isNotEmptyFile();
        assertThat(folder.resolve("one/heads.safetensors")).isNotEmptyFile();

        var again = radio("one");
        assertThat(again.out()).isEqualTo(first.out().substring(first.out().indexOf("\nteacher")));
    }

    @Test
    void refusesInOneLine() {
        refused(radio("two", "--steps", 0), "the student's steps are 0");
        refused(radio("two", "--batch", 1_000_000), "expected 2 to 4096");
        refused(radio("two", "--seed", -1), "seeds are -1, expected 0 to 999");
        refused(radio("two", "--teachers", "sam-1024"), "there is no file");
        refused(radio("two", "--teachers", "owl"), "unknown vision expert 'owl'");
        refused(radio("two", "--alone", "siglip-384"), "the miniature has no siglip-384");
        refused(radio("two", "--from", folder.resolve("nowhere")), "there is no file");
        assertThat(folder.resolve("two")).doesNotExist();
    }

    private static void refused(Aerie.Result result, String why) {
        assertThat(result.code()).isEqualTo(Main.MISTAKE);
        assertThat(result.err()).startsWith("aerie: ").contains(why).hasLineCount(1);
    }
}

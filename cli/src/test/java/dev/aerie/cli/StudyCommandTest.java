package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `aerie study` without training: what it plans, and what it refuses.
class StudyCommandTest {

    @TempDir
    Path folder;

    @Test
    void saysWhatAllStudiesTake() {
        var result = Aerie.run("study", "--plan", "-o", folder.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .anyMatch(line -> line.matches("resolution +24 .*"))
                .anyMatch(line -> line.matches("search +48 .*"))
                .anyMatch(line -> line.matches("[0-9.]+ hours of one thread in all.*"));
        assertThat(folder).isEmptyDirectory();
        assertThat(Aerie.run("study", "fusion", "--quick", "--plan", "-o", folder.toString())
                        .out()
                        .lines())
                .anyMatch(line -> line.matches("fusion +10 .*"));
    }

    /// Numbers do not follow the machine's language.
    @Test
    void writesNumbersTheSameEverywhere() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Aerie.run("study", "pre-alignment", "--plan", "-o", folder.toString())
                            .out()
                            .lines())
                    .anyMatch(line -> line.matches("[0-9]+\\.[0-9]{2} hours of one thread in all.*"));
        } finally {
            Locale.setDefault(before);
        }
    }

    /// Nothing but the vocabulary and the expert can be made; what needs the notes is left.
    @Test
    void namesAtTheEndWhatCouldNotBeMade() throws IOException {
        var plan = Files.writeString(folder.resolve("plan.yaml"), """
                study: mine
                towers: det-1024
                seeds: 1
                budget: 0.0001
                set: [variant=no-pre-align, notes.data.mixture=nowhere]
                grid: { a: { b: [] } }
                """);
        var result =
                Aerie.run("study", plan.toString(), "-o", folder.resolve("out").toString());
        assertThat(result.code()).isEqualTo(Main.FAILURE);
        assertThat(result.out())
                .contains("expert det-1024: step 2 of 2")
                .containsPattern("could not be made[^\\n]*\\n[0-9a-f]{16} notes: [^\\n]*nowhere");
    }

    @Test
    void refusesWhatItCannotDo() throws IOException {
        var plan = Files.writeString(folder.resolve("plan.yaml"), "study: mine\ngird: {}\n");
        assertThat(Aerie.run("study", plan.toString()).err()).contains("has the key 'gird'");
        assertThat(Aerie.run("study", "nowhere").err()).contains("cannot read the plan nowhere");
        assertThat(Aerie.run("study", "fusion", "--jobs", "0").err()).contains("expected at least 1");
        var report = Aerie.run(
                "study",
                "report",
                folder.toString(),
                "-o",
                folder.resolve("page.html").toString());
        assertThat(report.code()).isNotZero();
        assertThat(report.err()).contains("there are no results of a study");
        assertThat(folder.resolve("page.html")).doesNotExist();
    }
}

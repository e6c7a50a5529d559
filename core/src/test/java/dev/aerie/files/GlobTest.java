package dev.aerie.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GlobTest {

    @Test
    void starsAreAnyTextAndMarksAnyCharacter() {
        assertThat(new Glob("model.layers.*.mlp.*").matches("model.layers.31.mlp.up_proj.weight"))
                .isTrue();
        assertThat(new Glob("model.layers.?.mlp.*").matches("model.layers.31.mlp.up_proj.weight"))
                .isFalse();
        assertThat(new Glob("*").matches("")).isTrue();
        assertThat(new Glob("a.c").matches("abc")).isFalse();
    }

    @Test
    void agreesWithRegularExpressions() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var pattern = text(random, "ab*?");
            var name = text(random, "ab");
            var regex = pattern.replace("*", ".*").replace("?", ".");
            assertThat(new Glob(pattern).matches(name))
                    .describedAs("%s on %s", pattern, name)
                    .isEqualTo(Pattern.matches(regex, name));
        }
    }

    @Test
    void noPatternIsSlow() {
        assertThat(new Glob("*a".repeat(200) + "b").matches("a".repeat(5_000))).isFalse();
    }

    private static String text(Random random, String letters) {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}

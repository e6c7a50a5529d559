package dev.aerie.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.lab.world.Family;
import dev.aerie.lab.world.Split;
import dev.aerie.lab.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class LabScoreCommandTest {

    private static final int COUNT = 10;
    private static final long SEED = 9;

    @TempDir
    private static Path model = Path.of("");

    @BeforeAll
    static void make() {
        TinyEaglet.write(model);
    }

    /// Every question about every picture is asked.
    @Test
    void jsonHasEveryFamilyWithItsInterval() {
        var json = JsonMapper.shared().readTree(score("--json").out());
        assertThat(json.get("model").stringValue()).isEqualTo(model.toString());
        assertThat(json.get("count").intValue()).isEqualTo(COUNT);
        assertThat(json.get("seed").longValue()).isEqualTo(SEED);
        assertThat(json.get("seconds").doubleValue()).isPositive();
        var asked = asked();
        double sum = 0;
        for (var family : Family.values()) {
            var score = json.get("families").get(family.label());
            int all = score.get("asked").intValue();
            assertThat(all).isEqualTo(asked.getOrDefault(family, 0));
            double share = score.get("share").doubleValue();
            assertThat(share).isCloseTo(all == 0 ? 0 : score.get("right").doubleValue() / all, within(1e-12));
            assertThat(share)
                    .isBetween(score.get("low").doubleValue(), score.get("high").doubleValue());
            sum += share;
        }
        assertThat(json.at("/average/share").doubleValue()).isCloseTo(sum / Family.values().length, within(1e-12));
    }

    private static Map<Family, Integer> asked() {
        var asked = new EnumMap<Family, Integer>(Family.class);
        LongStream.range(0, COUNT)
                .mapToObj(index -> World.draw(Split.SCORING.seed(SEED, index)))
                .flatMap(drawing -> drawing.questions().stream())
                .forEach(question -> asked.merge(question.family(), 1, Integer::sum));
        return asked;
    }

    @Test
    void theLastLineHasTheAverageAndAllFamilies() {
        var lines = score().out().lines().toList();
        assertThat(lines).hasSize(Family.values().length + 2);
        assertThat(lines.getFirst()).matches("gqa +\\d+\\.\\d %  \\(\\d+\\.\\d to \\d+\\.\\d\\)  \\d+ of \\d+");
        assertThat(lines.getLast())
                .matches("avg \\d+\\.\\d  gqa \\d+  pope \\d+  count \\d+  text \\d+  ocr \\d+  chart \\d+  doc \\d+"
                        + "  diag \\d+  math \\d+");
    }

    @Test
    void refusesInOneLine() {
        for (var options : new Object[][] {
            {"--count", 0}, {"--count", 2_000_000}, {"--seed", 1L << 24}, {"--experts", "owl"}, {"--experts", "first"}
        }) {
            var result = Aerie.run("lab", "score", "-m", model, options[0], options[1]);
            assertThat(result.code()).isEqualTo(Main.MISTAKE);
            assertThat(result.err()).startsWith("aerie: ").hasLineCount(1);
        }
    }

    private static Aerie.Result score(Object... options) {
        var line = new ArrayList<Object>(List.of("lab", "score", "-m", model, "--count", COUNT, "--seed", SEED));
        line.addAll(List.of(options));
        return Aerie.run(line.toArray());
    }
}

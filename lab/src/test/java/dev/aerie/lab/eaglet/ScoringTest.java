package dev.aerie.lab.eaglet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Progress;
import dev.aerie.eagle.Question;
import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Scores are what answers are worth: those of Eaglet, which ships, are mostly right.
class ScoringTest {

    private static final Path EAGLET = Path.of("../models/eaglet-x5");
    private static final int PICTURES = 6;
    private static final int TOGETHER = 8;

    @Test
    void aScoreIsThatOfTheAnswersSaid() {
        var scored = new Scoring(Setting.FULL, PICTURES, 5)
                .of(EAGLET, Progress.SILENT)
                .all();
        var said = new FamilyScores();
        try (var eagle = Eagle.open(EAGLET);
                var batches = eagle.batches(2)) {
            LongStream.range(0, PICTURES).forEach(i -> {
                var drawing = Setting.FULL.draw(Split.SCORING.seed(5, i));
                var asked = drawing.questions();
                for (int from = 0; from < asked.size(); from += TOGETHER) {
                    var some = asked.subList(from, Math.min(asked.size(), from + TOGETHER));
                    var answers = batches.ask(
                            some.stream()
                                    .map(each -> new Question(each.text(), List.of(drawing.picture())))
                                    .toList(),
                            AnswerOptions.DEFAULT.withMaxTokens(24));
                    for (int k = 0; k < some.size(); k++) {
                        said.add(
                                some.get(k).family(),
                                some.get(k).isAnsweredBy(answers.get(k).text()));
                    }
                }
            });
        }
        assertThat(scored.each()).isEqualTo(said.each());
        assertThat(scored.average()).isGreaterThan(0.8);
    }
}

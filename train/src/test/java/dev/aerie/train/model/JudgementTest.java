package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static final int NONE = Labels.IGNORE;

    /// Two rows of two turns each; one token of the first row's second answer is not the likeliest.
    @Test
    void anAnswerIsExactIfAllItsTokensAre() {
        var batch = Batch.of(
                List.of(
                        sample(new int[] {NONE, NONE, 4, 5, 6, 7}, new int[] {0, 1, 1, 1, 2, 2}),
                        sample(new int[] {NONE, 8, NONE, 9}, new int[] {0, 1, 2, 2})),
                64);
        var found = Judgement.of(batch, 3, new long[] {4, 5, 6, 1, 8, 9});
        assertThat(found.learned()).isEqualTo(6);
        assertThat(found.answers())
                .containsExactly(
                        new Judgement.Answer(0, 1, true),
                        new Judgement.Answer(0, 2, false),
                        new Judgement.Answer(1, 1, true),
                        new Judgement.Answer(1, 2, true));
    }

    private static Sample sample(int[] labels, int[] turns) {
        var ids = labels.clone();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.max(1, ids[i]);
        }
        return new Sample("s", ids, labels, turns, Optional.empty());
    }
}

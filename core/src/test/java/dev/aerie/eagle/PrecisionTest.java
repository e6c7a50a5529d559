package dev.aerie.eagle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import dev.aerie.fusion.Routes;
import dev.aerie.image.Picture;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Turn;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// bfloat16 against float32: numbers near each other, not equal.
class PrecisionTest {

    private static float[] scores(Path checkpoint, DType precision, List<Picture> pictures) {
        try (var eagle = Eagle.open(checkpoint, LoadOptions.DEFAULT.withPrecision(precision));
                var eyes = eagle.eyes();
                var _ = TensorScope.open();
                var cache = new KvCache(eagle.config().language(), precision)) {
            var ids = eagle.encode(List.of(Turn.open("What is written on the sign?", pictures.size())));
            var prompt = new Prompt(
                    ids,
                    pictures.stream()
                            .map(picture -> eyes.look(picture, Routes.ALL))
                            .toList(),
                    pictures.stream()
                            .map(picture -> Eyes.name(picture, Routes.ALL))
                            .toList());
            var language = eagle.model().language();
            return new Generator(language).prefill(prompt.embed(language, precision), cache)[0];
        }
    }

    /// The largest difference of two scores, as a share of their deviation, stays below `bound`: about four times what
    /// was measured.
    private static void assertNear(Path checkpoint, List<Picture> pictures, double bound) {
        var exact = scores(checkpoint, DType.F32, pictures);
        var rounded = scores(checkpoint, DType.BF16, pictures);
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < exact.length; i++) {
            largest = Math.max(largest, Math.abs(exact[i] - rounded[i]));
            squares += (double) exact[i] * exact[i];
        }
        double deviation = Math.sqrt(squares / exact.length);
        assertThat(largest / deviation).isGreaterThan(0).isLessThan(bound);
    }

    @Test
    void wordsInBfloat16() {
        assertNear(Tiny.X5, List.of(), 0.25);
        assertNear(Tiny.X4, List.of(), 0.25);
    }

    @Test
    void picturesInBfloat16() {
        assertNear(Tiny.X2, List.of(Tiny.wide()), 0.2);
    }

    @Test
    void bfloat16Answers() {
        try (var eagle = Eagle.open(Tiny.X5, LoadOptions.DEFAULT.withPrecision(DType.BF16))) {
            var answer = eagle.ask(new Question("Is there a cat?", List.of()), Tiny.tokens(8), AnswerListener.NONE);
            assertThat(answer.ids()).hasSize(8);
            for (float logprob : answer.logprobs()) {
                assertThat(logprob).isFinite().isLessThanOrEqualTo(0);
            }
        }
    }

    @Test
    void otherPrecisionsAreRefused() {
        assertThatThrownBy(() -> LoadOptions.DEFAULT.withPrecision(DType.F16))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("F32 or BF16");
    }
}

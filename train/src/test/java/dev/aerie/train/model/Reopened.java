package dev.aerie.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.eagle.AnswerListener;
import dev.aerie.eagle.AnswerOptions;
import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Question;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.Sampling;
import dev.aerie.nn.Between;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Gradients;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Labels;
import dev.aerie.train.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a trained model's checkpoint says when it is opened: the same as the model that was trained.
final class Reopened {

    private static final int TOKENS = 5;

    private Reopened() {}

    /// @param longest rows are cut to so many positions
    static void answersAs(TrainingModel model, Eagle eagle, Question question, int longest) {
        var picture = question.pictures().getFirst();
        var answer =
                eagle.ask(question, AnswerOptions.DEFAULT.withMaxTokens(TOKENS).ignoringEnd(), AnswerListener.NONE);
        var ids = answer.promptIds();
        var labels = new int[ids.length];
        Arrays.fill(labels, Labels.IGNORE);
        var sample = new Sample(
                "question",
                ids,
                labels,
                new int[ids.length],
                Optional.of(model.viewing().show(picture)));
        var generated = Gradients.without(() -> {
            try (var _ = TensorScope.open();
                    var cache = new KvCache(model.model().language().config(), DType.F32)) {
                var input = model.input(Batch.of(List.of(sample), longest), Between.NOTHING);
                return new Generator(model.model().language(), input.beside())
                        .generate(
                                input.row(),
                                cache,
                                new GenerationOptions(TOKENS, Set.of(), Sampling.GREEDY, 1),
                                (_, _, _) -> true)
                        .getFirst();
            }
        });
        assertThat(answer.ids()).isEqualTo(generated.ids());
        assertThat(answer.logprobs()).containsExactly(generated.logprobs(), within(1e-3f));
    }
}

package dev.aerie.eagle;

import dev.aerie.fusion.Routes;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;
import dev.aerie.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Several questions answered together: prompts padded on the left to the longest, one cache, one step for all.
record Batch(Eagle eagle, Eyes eyes) {

    List<Answer> ask(List<Question> questions, AnswerOptions how) {
        long start = System.nanoTime();
        try (var _ = TensorScope.open()) {
            var routes = questions.stream()
                    .map(question -> question.pictures().isEmpty()
                            ? Routes.ALL
                            : eagle.router().of(question.choosesBy()))
                    .toList();
            var prompts = IntStream.range(0, questions.size())
                    .mapToObj(i -> prompt(questions.get(i), routes.get(i)))
                    .toList();
            long looked = System.nanoTime();
            var embedded = prompts.stream().map(this::embed).toList();
            int longest = 0;
            for (var one : embedded) {
                longest = Math.max(longest, Math.toIntExact(one.size(1)));
            }
            var language = eagle.config().language();
            int end = longest + how.maxTokens();
            // the longest must not shorten the others' answers, nor turn their keys as its own
            boolean tight = end > language.maxPositions() || language.rope().isStretchedAt(end);
            if (questions.size() > 1 && tight) {
                return questions.stream()
                        .flatMap(each -> ask(List.of(each), how).stream())
                        .toList();
            }
            return generate(prompts, routes, embedded, longest, how, new Clock(start, looked));
        }
    }

    private List<Answer> generate(
            List<Prompt> prompts,
            List<Routes> routes,
            List<Tensor> embedded,
            int longest,
            AnswerOptions how,
            Clock clock) {
        var language = eagle.model().language();
        var padding = new int[prompts.size()];
        var rows = new ArrayList<Tensor>();
        for (int i = 0; i < padding.length; i++) {
            padding[i] = longest - Math.toIntExact(embedded.get(i).size(1));
            rows.add(padded(embedded.get(i), padding[i]));
        }
        var ends = eagle.endTokens(how);
        var texts = prompts.stream()
                .map(_ -> new AnswerText(eagle.tokenizer().streaming(), ends, how.stopStrings(), AnswerListener.NONE))
                .toList();
        var options = new GenerationOptions(eagle.room(longest, how), ends, how.sampling(), how.beams());
        try (var cache = new KvCache(language.config(), eagle.options().precision(), padding)) {
            var generations = new Generator(language, Prompt.beside(eagle.model(), prompts, longest, padding))
                    .generate(Tensors.cat(rows, 0), cache, options, (sequence, id, _) -> {
                        clock.token();
                        return texts.get(sequence).accept(id);
                    });
            var answers = new ArrayList<Answer>();
            for (int i = 0; i < padding.length; i++) {
                var generation = generations.get(i);
                answers.add(new Answer(
                        texts.get(i).finish(),
                        generation.ids(),
                        generation.logprobs(),
                        prompts.get(i).ids(),
                        generation.end(),
                        clock.timings(longest),
                        prompts.get(i).length() - (longest - padding[i]),
                        eagle.router().towers(routes.get(i))));
            }
            return answers;
        }
    }

    private Tensor embed(Prompt prompt) {
        return prompt.embed(eagle.model().language(), eagle.options().precision(), eagle.read(prompt));
    }

    private Prompt prompt(Question question, Routes routes) {
        var ids = eagle.encode(List.of(question.turn()));
        Prompt.requirePlaces(ids, question.pictures().size());
        eagle.requireRoom(ids, question.pictures());
        var visual = question.pictures().stream()
                .map(picture -> eyes.look(picture, routes))
                .toList();
        return new Prompt(
                ids,
                visual,
                question.pictures().stream()
                        .map(picture -> Eyes.name(picture, routes))
                        .toList());
    }

    /// `[1, T, C]` to `[1, padding + T, C]`, zeros first.
    private static Tensor padded(Tensor x, int padding) {
        return padding == 0 ? x : Tensors.cat(List.of(Tensor.zeros(x.dtype(), 1, padding, x.size(2)), x), 1);
    }
}

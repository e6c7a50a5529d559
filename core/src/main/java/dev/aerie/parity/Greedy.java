package dev.aerie.parity;

import dev.aerie.eagle.Eagle;
import dev.aerie.eagle.Prompt;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.text.ImageSlots;
import java.util.ArrayList;
import java.util.List;

/// What a model goes on with, the likeliest token each time, whatever ends an answer.
///
/// @param scores `[vocabulary]` of each step
record Greedy(List<Long> ids, List<Tensor> scores) {

    static Greedy of(Eagle eagle, Prompt prompt, int steps) {
        var language = eagle.model().language();
        int end = prompt.read(eagle.config().maxLength());
        var generator = new Generator(language, Prompt.beside(eagle.model(), List.of(prompt), end, 0));
        var ids = new ArrayList<Long>();
        var rows = new ArrayList<Tensor>();
        try (var cache = new KvCache(language.config(), DType.F32)) {
            var scores = generator.prefill(prompt.embed(language, DType.F32, end), cache);
            for (int step = 1; step <= steps; step++) {
                var row = Tensor.of(scores[0], scores[0].length);
                int id = (int) row.argmax(0).item();
                rows.add(row);
                ids.add((long) id);
                if (step < steps) {
                    scores = generator.step(new int[] {id}, cache);
                }
            }
        }
        return new Greedy(ids, rows);
    }

    /// Whether a user can ask this and get so many tokens: markers stand only before a question, and the answer fits.
    static boolean canBeAsked(Eagle eagle, String question, Prompt prompt, int steps) {
        int read = prompt.read(eagle.config().maxLength());
        return !question.contains(ImageSlots.MARKER)
                && read + steps <= eagle.config().language().maxPositions();
    }
}

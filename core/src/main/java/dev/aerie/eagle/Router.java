package dev.aerie.eagle;

import dev.aerie.fusion.Route;
import dev.aerie.fusion.Routes;
import dev.aerie.text.ImageSlots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Says which experts look at a question's pictures. Where the language model chooses, that is a prompt of its own
/// before the pictures, without them; its answers are kept, so that the same question is asked once. Belongs to the
/// model's thread.
final class Router {

    private static final int LONGEST_ANSWER = 16;
    private static final int MOST_KEPT = 10_000;

    private final Eagle eagle;
    private final List<String> towers;
    private final Map<String, Route> kept = new HashMap<>();

    Router(Eagle eagle) {
        this.eagle = eagle;
        towers = eagle.config().towerNames();
    }

    /// Those that look at pictures of this question.
    Routes of(String question) {
        return switch (eagle.options().looking()) {
            case Looking.All _ -> Routes.ALL;
            case Looking.Only(var experts) ->
                Routes.of(ExpertPool.route(
                        experts.stream().map(expert -> expert.tower()).toList(), towers));
            case Looking.AsAsked _ ->
                eagle.pool().map(pool -> asked(pool, question)).orElse(Routes.ALL);
        };
    }

    private Routes asked(ExpertPool pool, String question) {
        var words = question.replace(ImageSlots.MARKER, "").strip();
        var known = kept.get(words);
        if (known != null) {
            return Routes.of(known);
        }
        if (kept.size() == MOST_KEPT) {
            kept.clear();
        }
        var route = ExpertPool.route(pool.chosen(answer(pool.ask(words))), towers);
        kept.put(words, route);
        return Routes.of(route);
    }

    private String answer(String prompt) {
        try (var eyes = eagle.eyes()) {
            return new Batch(eagle, eyes)
                    .ask(List.of(new Question(prompt, List.of())), AnswerOptions.DEFAULT.withMaxTokens(LONGEST_ANSWER))
                    .getFirst()
                    .text();
        }
    }

    /// The towers of a route, as answers report it; empty where nobody chose.
    List<String> towers(Routes routes) {
        return routes.isAll()
                ? List.of()
                : IntStream.range(0, towers.size())
                        .filter(i -> routes.pictures(i, 1).length > 0)
                        .mapToObj(towers::get)
                        .toList();
    }
}

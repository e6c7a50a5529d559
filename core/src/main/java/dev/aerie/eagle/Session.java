package dev.aerie.eagle;

import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Picture;
import dev.aerie.language.GenerationOptions;
import dev.aerie.language.Generator;
import dev.aerie.language.KvCache;
import dev.aerie.language.TokenListener;
import dev.aerie.tensor.TensorScope;
import dev.aerie.text.Turn;
import java.util.ArrayList;
import java.util.List;

/// A conversation: its turns, the pictures' features and the cache of what the model has read. A new question
/// reads only what is new. Used by one thread at a time.
public final class Session implements AutoCloseable {

    private final Eagle eagle;
    private final Eyes eyes;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Picture> pictures = new ArrayList<>();
    private KvCache cache;
    private List<Object> cached = List.of();

    Session(Eagle eagle) {
        this.eagle = eagle;
        eyes = eagle.eyes();
        cache = newCache();
    }

    private KvCache newCache() {
        return new KvCache(eagle.config().language(), eagle.options().precision());
    }

    /// Answers greedily with the default options.
    public Answer ask(Question question, AnswerListener listener) {
        return ask(question, AnswerOptions.DEFAULT, listener);
    }

    /// Answers a question in the light of the turns before; the listener hears the text as it is generated. An error
    /// leaves the conversation as it was.
    public Answer ask(Question question, AnswerOptions how, AnswerListener listener) {
        return eagle.compute().call(() -> {
            int before = turns.size();
            int picturesBefore = pictures.size();
            turns.add(question.turn());
            pictures.addAll(question.pictures());
            try {
                var answer = answer(question.choosesBy(), how, listener);
                turns.set(before, turns.get(before).answered(answer.text()));
                return answer;
            } catch (RuntimeException | Error e) {
                turns.subList(before, turns.size()).clear();
                pictures.subList(picturesBefore, pictures.size()).clear();
                throw e;
            }
        });
    }

    private Answer answer(String choosesBy, AnswerOptions how, AnswerListener listener) {
        long start = System.nanoTime();
        var ids = eagle.encode(turns);
        Prompt.requirePlaces(ids, pictures.size());
        eagle.requireRoom(ids, pictures);
        var visual = new ArrayList<Seen>();
        var names = new ArrayList<String>();
        var routes = pictures.isEmpty() ? Routes.ALL : eagle.router().of(choosesBy);
        for (var picture : pictures) {
            visual.add(eyes.look(picture, routes));
            names.add(Eyes.name(picture, routes));
        }
        var prompt = new Prompt(ids, visual, names);
        long looked = System.nanoTime();
        return generate(prompt, eagle.router().towers(routes), how, listener, new Clock(start, looked));
    }

    private Answer generate(
            Prompt prompt, List<String> lookers, AnswerOptions how, AnswerListener listener, Clock clock) {
        var language = eagle.model().language();
        var all = prompt.positions();
        var positions = all.subList(0, eagle.read(prompt));
        int tokens = eagle.room(positions.size(), how);
        boolean stretched = language.config().rope().isStretchedAt(positions.size());
        int known = stretched ? 0 : commonBeginning(cached, positions);
        cached = List.of(); // until the cache holds what is promised
        cache.truncate(known);
        var ends = eagle.endTokens(how);
        var text = new AnswerText(eagle.tokenizer().streaming(), ends, how.stopStrings(), listener);
        try (var _ = TensorScope.open()) {
            var embedded = prompt.embed(language, eagle.options().precision()); // [1, T, C]
            var fresh = embedded.narrow(1, known, positions.size() - known); // [1, T - known, C]
            var options = new GenerationOptions(tokens, ends, how.sampling(), how.beams());
            var generation = new Generator(language, Prompt.beside(eagle.model(), List.of(prompt), positions.size(), 0))
                    .generate(fresh, cache, options, new TokenListener() {
                        @Override
                        public boolean accept(int sequence, int id, float logprob) {
                            clock.token();
                            return text.accept(id);
                        }

                        @Override
                        public boolean goesOn() {
                            return text.goesOn();
                        }
                    })
                    .getFirst();
            cached = cachedPositions(positions, generation.ids());
            return new Answer(
                    text.finish(),
                    generation.ids(),
                    generation.logprobs(),
                    prompt.ids(),
                    generation.end(),
                    clock.timings(positions.size() - known),
                    all.size() - positions.size(),
                    lookers);
        }
    }

    /// What the cache holds: the prompt, and of the answer as much as was run.
    private List<Object> cachedPositions(List<Object> prompt, int[] answer) {
        var all = new ArrayList<>(prompt);
        for (int id : answer) {
            all.add(id);
        }
        return List.copyOf(all.subList(0, Math.min(cache.length(), all.size())));
    }

    /// How many positions two prompts share at the beginning, but never the last of `next`, which must be run to get
    /// its scores.
    private static int commonBeginning(List<Object> known, List<Object> next) {
        int limit = Math.min(known.size(), next.size() - 1);
        int n = 0;
        while (n < limit && known.get(n).equals(next.get(n))) {
            n++;
        }
        return n;
    }

    /// Forgets the conversation, but not the features of its pictures.
    public void reset() {
        turns.clear();
        pictures.clear();
        cached = List.of();
    }

    @Override
    public void close() {
        eagle.compute().call(() -> {
            cache.close();
            eyes.close();
            return true;
        });
    }
}

package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.files.AtomicFile;
import dev.aerie.fusion.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The experts that a language model may choose from, each with a description, and how it is asked: MoVA's coarse
/// routing (arXiv 2404.13046, §3.2). It is data, the file `routing.json` beside a checkpoint's weights.
///
/// @param prompt  of the choice: `{experts}` is where the experts stand, `{question}` where the question does
/// @param line    of an expert: `{letter}` and `{description}`
/// @param none    what is answered where no expert is needed
/// @param most    experts that may be chosen
/// @param experts in the order of their letters
public record ExpertPool(String prompt, String line, String none, int most, List<Member> experts) {

    /// @param tower       the expert's name in tower strings
    /// @param description what it is good for, in the language model's words
    public record Member(String tower, String description) {}

    public static final String FILE = "routing.json";

    private static final String EXPERTS = "{experts}";
    private static final String QUESTION = "{question}";

    public ExpertPool {
        experts = List.copyOf(experts);
        if (!prompt.contains(EXPERTS) || !prompt.contains(QUESTION)) {
            throw new AerieException("cannot ask for experts with the prompt '" + prompt + "': it needs places for "
                    + EXPERTS + " and " + QUESTION);
        }
        if (experts.isEmpty() || experts.size() > 26 || most < 1) {
            throw new AerieException("cannot choose up to " + most + " of " + experts.size()
                    + " experts: expected 1 or more of 1 to 26, which have a letter each");
        }
        if (experts.stream().map(Member::tower).distinct().count() < experts.size()) {
            throw new AerieException("cannot choose from the experts "
                    + experts.stream().map(Member::tower).collect(Collectors.joining(", "))
                    + ": each may stand there once");
        }
    }

    /// The pool of a checkpoint; empty where its folder has none.
    public static Optional<ExpertPool> in(Path checkpoint) {
        var file = checkpoint.resolve(FILE);
        return Files.exists(file) ? Optional.of(of(ConfigReader.open(file))) : Optional.empty();
    }

    /// The pool that a text in JSON describes.
    ///
    /// @param name of the text, for errors
    public static ExpertPool of(String name, String text) {
        try {
            return of(new ConfigReader(Path.of(name), JsonMapper.shared().readTree(text)));
        } catch (JacksonException e) {
            throw new AerieException("cannot read " + name + ": it is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static ExpertPool of(ConfigReader json) {
        if (!json.json().path("experts").isArray()) {
            throw json.wrong("experts", "a list of objects with tower and description");
        }
        var members = json.json()
                .path("experts")
                .valueStream()
                .map(each -> new ConfigReader(json.file(), each))
                .map(each -> new Member(each.text("tower"), each.text("description")))
                .toList();
        return new ExpertPool(json.text("prompt"), json.text("line"), json.text("none"), json.size("most"), members);
    }

    /// Writes `routing.json` into a folder.
    public void writeTo(Path folder) {
        AtomicFile.write(
                folder.resolve(FILE),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /// What the language model is asked.
    public String ask(String question) {
        var lines = IntStream.range(0, experts.size())
                .mapToObj(i -> line.replace("{letter}", letter(i))
                        .replace("{description}", experts.get(i).description()))
                .collect(Collectors.joining(" "));
        return prompt.replace(EXPERTS, lines).replace(QUESTION, question);
    }

    /// What it is to answer for these of the pool's experts.
    public String answer(Collection<String> towers) {
        var letters = IntStream.range(0, experts.size())
                .filter(i -> towers.contains(experts.get(i).tower()))
                .mapToObj(ExpertPool::letter)
                .collect(Collectors.joining(", "));
        return letters.isEmpty() ? none : letters;
    }

    /// The towers that an answer chooses: as many as may be, by their letters between commas. What is no letter of the
    /// pool chooses nothing.
    public List<String> chosen(String answer) {
        return Arrays.stream(answer.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .limit(most)
                .flatMap(piece -> IntStream.range(0, experts.size())
                        .filter(i -> letter(i).equals(piece))
                        .mapToObj(i -> experts.get(i).tower()))
                .distinct()
                .toList();
    }

    /// The route over a mixture's towers.
    ///
    /// @param towers of the mixture, in order; the first looks in any case
    public static Route route(Collection<String> chosen, List<String> towers) {
        var places = new TreeSet<Integer>();
        for (var tower : new HashSet<>(chosen)) {
            int place = towers.indexOf(tower);
            if (place < 0) {
                throw new AerieException("cannot ask the expert " + tower + ": the mixture has "
                        + String.join(", ", towers) + " (mm_vision_tower in config.json)");
            }
            if (place > 0) {
                places.add(place);
            }
        }
        return new Route(places);
    }

    private static String letter(int expert) {
        return Character.toString('a' + expert);
    }
}

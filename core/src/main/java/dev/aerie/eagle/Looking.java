package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.vision.Experts;
import java.util.List;
import java.util.stream.Collectors;

/// Which experts of a mixture look at the pictures of a question, where its fusion can do with some of them.
public sealed interface Looking {

    /// Those that the language model chooses, where the checkpoint has an [ExpertPool]; else all.
    record AsAsked() implements Looking {}

    /// All of them.
    record All() implements Looking {}

    /// These, and the first.
    record Only(List<Experts> experts) implements Looking {
        public Only {
            experts = List.copyOf(experts);
        }
    }

    Looking AS_ASKED = new AsAsked();

    /// What [#parse] reads as this.
    default String text() {
        return switch (this) {
            case AsAsked() -> "asked";
            case All() -> "all";
            case Only(var experts) ->
                experts.isEmpty()
                        ? "first"
                        : experts.stream().map(Experts::tower).collect(Collectors.joining(";"));
        };
    }

    /// @param text `asked`, `all`, `first`, or towers joined by `;`
    static Looking parse(String text) {
        return switch (text) {
            case "asked" -> AS_ASKED;
            case "all" -> new All();
            case "first" -> new Only(List.of());
            case "" -> throw new AerieException("cannot look with no expert: name some, or say asked, all or first");
            default -> new Only(Experts.parse(text));
        };
    }
}

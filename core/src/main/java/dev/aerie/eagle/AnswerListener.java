package dev.aerie.eagle;

/// Hears an answer while it is generated.
@FunctionalInterface
public interface AnswerListener {

    AnswerListener NONE = text -> true;

    /// Takes the next piece of text; whole characters only.
    ///
    /// @return false to end the answer here
    boolean accept(String text);

    /// Asked between tokens, of which not every one makes text.
    ///
    /// @return false to end the answer here
    default boolean goesOn() {
        return true;
    }
}

package dev.aerie.evaluate.benchmark;

/// What an answer is worth.
///
/// @param parsed what was read in it
/// @param score  from 0 to 1, or a benchmark's own points
/// @param note   where the way to the score is not the plain one; else empty
public record Judgement(String parsed, double score, String note) {

    static Judgement of(String parsed, double score) {
        return new Judgement(parsed, score, "");
    }
}

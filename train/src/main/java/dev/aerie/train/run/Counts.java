package dev.aerie.train.run;

import dev.aerie.train.data.Flaw;
import java.util.Map;
import java.util.TreeMap;

/// What is counted over a run, whatever stops it meanwhile.
///
/// @param tokens  positions computed, padding not counted
/// @param skipped samples left out, by [Flaw#label]
public record Counts(long tokens, Map<String, Long> skipped) {

    private static final String TOKENS = "tokens";
    private static final String SKIPPED = "skipped: ";

    public Counts {
        skipped = Map.copyOf(skipped);
    }

    /// The counts that a snapshot holds.
    static Counts of(Map<String, Long> kept) {
        var skipped = new TreeMap<String, Long>();
        kept.forEach((key, count) -> {
            if (key.startsWith(SKIPPED)) {
                skipped.put(key.substring(SKIPPED.length()), count);
            }
        });
        return new Counts(kept.getOrDefault(TOKENS, 0L), skipped);
    }

    /// These and what came after them.
    Counts plus(long moreTokens, Map<Flaw, Long> moreSkipped) {
        var sum = new TreeMap<>(skipped);
        moreSkipped.forEach((flaw, count) -> sum.merge(flaw.label(), count, Long::sum));
        return new Counts(tokens + moreTokens, sum);
    }

    /// As a snapshot holds them.
    Map<String, Long> kept() {
        var kept = new TreeMap<String, Long>();
        kept.put(TOKENS, tokens);
        skipped.forEach((flaw, count) -> kept.put(SKIPPED + flaw, count));
        return kept;
    }

    /// All samples left out.
    public long allSkipped() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }
}

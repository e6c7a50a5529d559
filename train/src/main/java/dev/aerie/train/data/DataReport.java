package dev.aerie.train.data;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What [DataCheck] found.
///
/// @param records     all, flawed ones included
/// @param pictures    records that name a picture
/// @param texts       records that name none; those that cannot be read are neither
/// @param words       of the records that can be used
/// @param positions   of their rows, visual tokens included; without numbers if no tokenizer was given
/// @param cut         rows that lose their end to the longest row
/// @param sources     counts by source, in the mixture's order
/// @param flaws       how many records have each flaw; flaws that none has are left out
/// @param findings    the records concerned, by their number; at most [DataCheck#MOST_FINDINGS] of them
public record DataReport(
        long records,
        long pictures,
        long texts,
        Lengths words,
        Lengths positions,
        long cut,
        List<SourceCount> sources,
        Map<Flaw, Long> flaws,
        List<Finding> findings) {

    /// How lengths are spread; all numbers are 0 if there are none.
    public record Lengths(
            long count, int shortest5Percent, int median, int longest5Percent, int longest1Percent, int longest) {}

    /// A source of the mixture.
    ///
    /// @param records   taken from it
    /// @param flawed    of them
    /// @param published what its authors say it has
    public record SourceCount(String name, long records, long flawed, OptionalLong published) {}

    /// A flaw of one record.
    ///
    /// @param index   of the record in the mixture
    /// @param id      `#` and its number where it has none
    /// @param message says what is wrong, in one line
    public record Finding(long index, String id, Flaw flaw, String message) {}

    public DataReport {
        sources = List.copyOf(sources);
        findings = List.copyOf(findings);
    }

    /// Records with this flaw.
    public long count(Flaw flaw) {
        return flaws.getOrDefault(flaw, 0L);
    }

    public boolean isClean() {
        return flaws.isEmpty();
    }

    /// Records that training does without.
    public long skipped() {
        return flaws.entrySet().stream()
                .filter(entry -> entry.getKey().skipped())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}

package dev.aerie.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the world draws: which kinds, and how large and how long its writing is. The canvas has [World#SIDE] pixels in
/// every setting.
///
/// @param name    that data sources bear: `world`, `world-notes`, …
/// @param kinds   of pictures; their shares keep their proportions
/// @param cell    side in pixels of the cells of a [Page], each of which stands for a visual token
/// @param writing of signs and lines; each kind has its own where it is empty
public record Setting(String name, List<Kind> kinds, int cell, Optional<Writing> writing) {

    /// All there is.
    public static final Setting FULL =
            new Setting("world", List.of(Kind.values()), CharacterGrid.CELL, Optional.empty());

    /// Scenes, signs and lines, in letters so large that no cell of 16 pixels holds two, and short words: what a small
    /// model learns in minutes.
    public static final Setting EASY = new Setting(
            "easy-world", List.of(Kind.SCENE, Kind.SIGNS, Kind.LINES), 16, Optional.of(new Writing(16, 18, 2, 3)));

    /// Charts and diagrams of the full world alone: questions that take two looks, from a name to what has it to what
    /// belongs to that.
    public static final Setting LINKED =
            new Setting("linked-world", List.of(Kind.CHART, Kind.DIAGRAM), CharacterGrid.CELL, Optional.empty());

    /// @param leastAdvance from one character to the next, in pixels
    /// @param shortest     letters or digits of a word
    public record Writing(double leastAdvance, double mostAdvance, int shortest, int longest) {}

    public Setting {
        kinds = List.copyOf(kinds);
    }

    /// The families of questions that its pictures ask.
    public List<Family> families() {
        var families = new ArrayList<Family>();
        for (var family : Family.values()) {
            if (kinds.stream().anyMatch(kind -> kind.families().contains(family))) {
                families.add(family);
            }
        }
        return families;
    }

    /// The picture of this seed, see [World#draw(long)].
    public Drawing draw(long seed) {
        return World.draw(seed, this);
    }

    /// This writing, or what a kind has by itself.
    Writing or(Writing own) {
        return writing.orElse(own);
    }
}

package dev.aerie.tiling;

import dev.aerie.image.Box;
import dev.aerie.image.Size;

/// What stands in the decoder's row for a picture in several views, piece after piece.
public sealed interface Piece {

    /// How many tokens it is.
    int tokens();

    /// Views side by side, their tokens read as one map, row by row across all of them.
    ///
    /// @param first number of the first view; the others follow it, row by row
    /// @param views how many there are across and down
    /// @param cells tokens of one view, across and down
    /// @param kept  the part of the map that is read; it may be empty
    /// @param lines whether each row of the map ends with [Mark#LINE]
    record Block(int first, Size views, Size cells, Box kept, boolean lines) implements Piece {

        /// All of some views.
        static Block of(int first, Size views, int cells, boolean lines) {
            var whole = Box.whole(views.width() * cells, views.height() * cells);
            return new Block(first, views, new Size(cells, cells), whole, lines);
        }

        /// All of one view.
        static Block of(int view, int cells, boolean lines) {
            return of(view, new Size(1, 1), cells, lines);
        }

        @Override
        public int tokens() {
            return kept.height() * (kept.width() + (lines ? 1 : 0));
        }
    }

    /// One token that separates. It is learned where a checkpoint has been trained with it.
    enum Mark implements Piece {
        /// Behind a row.
        LINE,
        /// Between views of a row.
        NEXT,
        /// Between the parts of a picture and the whole of it.
        PART;

        @Override
        public int tokens() {
            return 1;
        }
    }
}

package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.image.Picture;
import dev.aerie.tiling.Tiling;
import dev.aerie.tiling.TilingChoice;
import java.util.List;

/// How many tokens pictures in tiles may take.
///
/// @param longest prompt of the model
/// @param most    tokens of a prompt that are read
record TileBudget(TilingChoice choice, EagleModel.Vision vision, int longest, int most) {

    /// Refuses what does not fit, and says what would.
    ///
    /// @param ids of the prompt, one for each picture
    void require(int[] ids, List<Picture> pictures) {
        int words = ids.length - pictures.size();
        long visual = tokens(choice.make(vision.tile()), pictures);
        long needed = words + visual;
        if (needed > most) {
            throw new AerieException("cannot read a prompt of " + needed + " tokens, of which " + visual
                    + " are pictures in tiles by " + choice + ": the model takes " + most
                    + (needed > longest || most == longest ? "" : ", or with --whole-prompt " + longest) + "; "
                    + advice(pictures, most - words));
        }
    }

    private String advice(List<Picture> pictures, int room) {
        for (var fewer = choice.fewer(); fewer.isPresent(); fewer = fewer.get().fewer()) {
            if (tokens(fewer.get().make(vision.tile()), pictures) <= room) {
                return "fewer tiles fit: --tiling " + fewer.get();
            }
        }
        return "no number of tiles fits: choose another method with --tiling, or leave it out if it is there";
    }

    private static long tokens(Tiling tiling, List<Picture> pictures) {
        return pictures.stream()
                .mapToLong(
                        picture -> tiling.of(picture.width(), picture.height()).tokens())
                .sum();
    }
}

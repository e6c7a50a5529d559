package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.Places;
import dev.aerie.fusion.Seen;
import dev.aerie.language.Llama;
import dev.aerie.nn.Beside;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.Tensors;
import dev.aerie.text.ImageSlots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A prompt with its pictures in place.
///
/// @param ids      tokens, with [ImageSlots#IMAGE] for a picture
/// @param pictures visual tokens `[1, tokens, hidden]` of each picture and what stands beside them, in order
/// @param names    a name of each picture by its contents
public record Prompt(int[] ids, List<Seen> pictures, List<String> names) {

    public Prompt {
        requirePlaces(ids, pictures.size());
    }

    /// Refuses a prompt with more or fewer places than there are pictures.
    static void requirePlaces(int[] ids, int pictures) {
        long places = Arrays.stream(ids).filter(id -> id == ImageSlots.IMAGE).count();
        if (places != pictures) {
            throw new AerieException(
                    "the prompt has " + places + " places for pictures, but " + pictures + " pictures were given");
        }
    }

    /// What stands at each position once pictures are spliced in: a token, or a place in a picture. Two prompts with
    /// equal beginnings share their beginning in the cache.
    List<Object> positions() {
        var positions = new ArrayList<Object>();
        int picture = 0;
        for (int id : ids) {
            if (id == ImageSlots.IMAGE) {
                for (int i = 0; i < pictures.get(picture).count(); i++) {
                    positions.add(names.get(picture) + "/" + i);
                }
                picture++;
            } else {
                positions.add(id);
            }
        }
        return positions;
    }

    /// How many positions there are.
    public int length() {
        return ids.length
                - pictures.size()
                + pictures.stream().mapToInt(Seen::count).sum();
    }

    /// How many of them are read by a model that was trained with `most`: as in the reference, text alone is never cut.
    public int read(int most) {
        return pictures.isEmpty() ? length() : Math.min(length(), most);
    }

    /// Where the pictures stand in a row that begins with `padding` other positions and ends with `end`: of a picture
    /// that was cut off in part, what is left.
    ///
    /// @param first number of the first picture among those of all rows
    List<Places.Place> places(int padding, int end, int first) {
        var places = new ArrayList<Places.Place>();
        int picture = 0;
        int at = padding;
        for (int id : ids) {
            if (id == ImageSlots.IMAGE) {
                int tokens = pictures.get(picture).count();
                if (at < end) {
                    places.add(new Places.Place(at, Math.min(tokens, end - at), first + picture));
                }
                picture++;
                at += tokens;
            } else {
                at++;
            }
        }
        return places;
    }

    /// What happens between the decoder's layers while they read these prompts, the rows of a batch.
    ///
    /// @param end     where all rows end: what stands behind is the answer, whatever was cut off of a prompt
    /// @param padding positions before each row
    public static Beside beside(EagleModel model, List<Prompt> prompts, int end, int... padding) {
        var rows = new ArrayList<List<Places.Place>>();
        var pictures = new ArrayList<Seen>();
        for (int i = 0; i < prompts.size(); i++) {
            rows.add(prompts.get(i).places(padding[i], end, pictures.size()));
            pictures.addAll(prompts.get(i).pictures());
        }
        boolean nothing = pictures.stream().allMatch(seen -> seen.beside().isEmpty());
        return model.beside(
                new Places(rows), nothing ? List.of() : Seen.join(pictures).beside());
    }

    /// The embeddings `[1, T, hidden]` of the first `most` positions.
    public Tensor embed(Llama language, DType precision, int most) {
        var all = embed(language, precision);
        return all.narrow(1, 0, Math.min(most, all.size(1)));
    }

    /// The embeddings `[1, T, hidden]` of all positions.
    public Tensor embed(Llama language, DType precision) {
        var parts = new ArrayList<Tensor>();
        int picture = 0;
        int start = 0;
        for (int i = 0; i <= ids.length; i++) {
            if (i == ids.length || ids[i] == ImageSlots.IMAGE) {
                if (i > start) {
                    var piece = Arrays.stream(ids, start, i).asLongStream().toArray();
                    parts.add(language.embed(Tensor.of(piece, piece.length)).to(precision));
                }
                if (i < ids.length) {
                    parts.add(pictures.get(picture++).tokens().squeeze(0).to(precision));
                }
                start = i + 1;
            }
        }
        return Tensors.cat(parts, 0).unsqueeze(0);
    }
}

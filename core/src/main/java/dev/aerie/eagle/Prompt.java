package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.language.Llama;
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
/// @param pictures visual tokens `[tokens, hidden]` of each picture, in order
/// @param names    a name of each picture by its contents
public record Prompt(int[] ids, List<Tensor> pictures, List<String> names) {

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
                for (int i = 0; i < pictures.get(picture).size(0); i++) {
                    positions.add(names.get(picture) + "/" + i);
                }
                picture++;
            } else {
                positions.add(id);
            }
        }
        return positions;
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
                    parts.add(pictures.get(picture++).to(precision));
                }
                start = i + 1;
            }
        }
        return Tensors.cat(parts, 0).unsqueeze(0);
    }
}

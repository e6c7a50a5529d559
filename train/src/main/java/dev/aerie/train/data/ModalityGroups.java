package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The reference's sampler (`eagle_trainer.py`, `group_by_modality_length`): a global batch is of pictures or of text
/// alone and of samples of like length, dealt out so that devices have equal work. Only the last mixes what is left
/// over.
final class ModalityGroups {

    private final int[] lengths;
    private final int world;
    private final int mega;

    ModalityGroups(int[] lengths, int batch, int world) {
        this.lengths = lengths;
        this.world = world;
        mega = Math.multiplyExact(batch, world);
        if (batch < 1 || world < 1) {
            throw new AerieException("cannot group samples in batches of " + batch + " for " + world
                    + " devices: both must be at least 1");
        }
        for (var i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                throw new AerieException("cannot group samples by length: that of sample " + i
                        + " is 0; expected words, negative for one without a picture");
            }
        }
    }

    int[] order(TorchRandom random) {
        var pictures = indices(true);
        var texts = indices(false);
        if (pictures.isEmpty() || texts.isEmpty()) {
            // One modality alone keeps its sign: text comes shortest first.
            var all = pictures.isEmpty() ? texts : pictures;
            return flat(List.of(grouped(all, lengths, random)));
        }
        var lengthsOf = IntStream.of(lengths).map(Math::abs).toArray();
        var pictureBatches = batches(grouped(pictures, lengthsOf, random));
        var textBatches = batches(grouped(texts, lengthsOf, random));
        var left = new ArrayList<>(pictureBatches.removeLast());
        left.addAll(textBatches.removeLast());
        Collections.sort(left);

        pictureBatches.addAll(textBatches);
        var all = new ArrayList<List<Integer>>();
        for (var i : random.permutation(pictureBatches.size())) {
            all.add(pictureBatches.get(i));
        }
        all.add(left);
        return flat(all);
    }

    private List<Integer> indices(boolean pictures) {
        return IntStream.range(0, lengths.length)
                .filter(i -> lengths[i] > 0 == pictures)
                .boxed()
                .toList();
    }

    /// Shuffled, then within each global batch the longest first and dealt to the devices.
    private List<Integer> grouped(List<Integer> indices, int[] lengthsOf, TorchRandom random) {
        var shuffled = IntStream.of(random.permutation(indices.size()))
                .mapToObj(indices::get)
                .toList();
        var grouped = new ArrayList<Integer>(indices.size());
        for (var batch : batches(shuffled)) {
            batch.sort(Comparator.comparingInt(i -> -lengthsOf[i]));
            for (var share : shares(batch, lengthsOf)) {
                grouped.addAll(share);
            }
        }
        return grouped;
    }

    /// One share for each device: always the lightest that has room takes the next. A batch that does not come out even
    /// is dealt round.
    private List<List<Integer>> shares(List<Integer> batch, int[] lengthsOf) {
        var shares = new ArrayList<List<Integer>>();
        IntStream.range(0, world).forEach(_ -> shares.add(new ArrayList<>()));
        if (batch.size() % world != 0) {
            for (var i = 0; i < batch.size(); i++) {
                shares.get(i % world).add(batch.get(i));
            }
            return shares;
        }
        var room = batch.size() / world;
        var weights = new long[world];
        for (var index : batch) {
            var lightest = 0;
            for (var device = 1; device < world; device++) {
                lightest = weights[device] < weights[lightest] ? device : lightest;
            }
            shares.get(lightest).add(index);
            weights[lightest] =
                    shares.get(lightest).size() == room ? Long.MAX_VALUE : weights[lightest] + lengthsOf[index];
        }
        return shares;
    }

    private List<List<Integer>> batches(List<Integer> indices) {
        var batches = new ArrayList<List<Integer>>();
        for (var from = 0; from < indices.size(); from += mega) {
            batches.add(new ArrayList<>(indices.subList(from, Math.min(from + mega, indices.size()))));
        }
        return batches;
    }

    private static int[] flat(List<List<Integer>> lists) {
        return lists.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
    }
}

package dev.aerie.train.data;

import java.util.Arrays;

/// In which order samples are taken. A position in training is an index into the order, so any position can be resumed.
public sealed interface Sampler {

    /// The indices of all samples in the order of this seed; epochs take different seeds.
    int[] order(long seed);

    /// As the samples stand.
    record Sequential(int size) implements Sampler {

        @Override
        public int[] order(long seed) {
            var order = new int[size];
            for (var i = 0; i < size; i++) {
                order[i] = i;
            }
            return order;
        }
    }

    /// A plain shuffle: the order of `torch.randperm`.
    record Shuffled(int size) implements Sampler {

        @Override
        public int[] order(long seed) {
            return new TorchRandom(seed).permutation(size);
        }
    }

    /// The reference's grouping by modality and length, see [ModalityGroups].
    ///
    /// @param lengths [Record#length] of each sample, none of them 0; not copied
    /// @param batch   samples of one micro-batch on one device
    /// @param world   devices times accumulated micro-batches
    @SuppressWarnings("ArrayRecordComponent") // only a carrier; never compared
    record Grouped(int[] lengths, int batch, int world) implements Sampler {

        @Override
        public int[] order(long seed) {
            return new ModalityGroups(lengths, batch, world).order(new TorchRandom(seed));
        }
    }

    /// The lengths of all examples, for [Grouped].
    static int[] lengths(Examples examples) {
        var lengths = new int[Math.toIntExact(examples.size())];
        Arrays.parallelSetAll(lengths, examples::length);
        return lengths;
    }

    /// The part of an order that one of `world` devices takes: micro-batch after micro-batch is dealt round, as the
    /// reference's launcher does. Where they do not come out even, the beginning of the order is taken again.
    static int[] shard(int[] order, int batch, int rank, int world) {
        if (world == 1 || order.length == 0) {
            return order;
        }
        var round = (long) batch * world;
        var rounds = Math.ceilDivExact(order.length, round);
        var mine = new int[Math.toIntExact(rounds * batch)];
        for (var i = 0; i < mine.length; i++) {
            var at = i / batch * round + (long) rank * batch + i % batch;
            mine[i] = order[(int) (at % order.length)];
        }
        return mine;
    }
}

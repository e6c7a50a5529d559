package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    /// Numbers of `torch.randperm` (torch 2.6) after `torch.manual_seed`.
    @Test
    void permutationsAreTorchs() {
        assertThat(new TorchRandom(42).permutation(10)).containsExactly(2, 6, 1, 8, 4, 5, 0, 9, 3, 7);
        var large = new TorchRandom((1L << 40) + 7);
        assertThat(large.permutation(12)).containsExactly(3, 4, 0, 5, 7, 9, 11, 6, 8, 1, 10, 2);
        assertThat(large.permutation(5)).containsExactly(1, 0, 2, 3, 4);
        var thousand = new TorchRandom(0).permutation(1000);
        assertThat(Arrays.copyOf(thousand, 5)).containsExactly(44, 37, 675, 775, 947);
        assertThat(Arrays.copyOfRange(thousand, 995, 1000)).containsExactly(206, 932, 745, 263, 354);
        assertThatThrownBy(() -> new TorchRandom(0).permutation(300_000_000)).isInstanceOf(AerieException.class);
    }

    @Test
    void everyOrderHoldsEverySampleOnce() {
        var random = new Random(8);
        for (var round = 0; round < 200; round++) {
            var size = random.nextInt(60);
            var lengths = IntStream.range(0, size)
                    .map(_ -> (1 + random.nextInt(9)) * (random.nextBoolean() ? 1 : -1))
                    .toArray();
            var grouped = new Sampler.Grouped(lengths, 1 + random.nextInt(5), 1 + random.nextInt(4));
            for (var sampler : new Sampler[] {grouped, new Sampler.Shuffled(size), new Sampler.Sequential(size)}) {
                var order = sampler.order(round);
                assertThat(IntStream.of(order).sorted())
                        .containsExactlyElementsOf(
                                IntStream.range(0, size).boxed().toList());
                assertThat(sampler.order(round)).isEqualTo(order);
            }
        }
    }

    @Test
    void onlyTheLastGlobalBatchMixesModalities() {
        var random = new Random(9);
        var lengths = IntStream.range(0, 500)
                .map(_ -> (1 + random.nextInt(99)) * (random.nextInt(3) == 0 ? -1 : 1))
                .toArray();
        var order = new Sampler.Grouped(lengths, 4, 2).order(1);
        var mixed = IntStream.range(0, order.length / 8)
                .filter(batch -> Arrays.stream(order, 8 * batch, 8 * batch + 8)
                                .mapToObj(i -> lengths[i] > 0)
                                .distinct()
                                .count()
                        > 1)
                .toArray();
        assertThat(IntStream.of(mixed)).allMatch(batch -> batch >= order.length / 8 - 2);
    }

    @Test
    void lengthZeroIsRefused() {
        assertThatThrownBy(() -> new Sampler.Grouped(new int[] {1, 0}, 1, 1).order(0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("sample 1");
        assertThatThrownBy(() -> new Sampler.Grouped(new int[] {1}, 0, 1).order(0))
                .isInstanceOf(AerieException.class);
    }

    @Test
    void shardsAreDealtRoundByBatches() {
        var order = IntStream.range(0, 10).toArray();
        assertThat(Sampler.shard(order, 2, 0, 2)).containsExactly(0, 1, 4, 5, 8, 9);
        assertThat(Sampler.shard(order, 2, 1, 2)).containsExactly(2, 3, 6, 7, 0, 1);
        assertThat(Sampler.shard(order, 4, 0, 1)).isEqualTo(order);
        assertThat(Sampler.shard(new int[0], 4, 1, 2)).isEmpty();
    }
}

package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoaderTest {

    /// Samples whose only id is their number; every tenth is flawed.
    private record Numbers(int count, AtomicInteger made) implements Examples {

        Numbers(int count) {
            this(count, new AtomicInteger());
        }

        @Override
        public long size() {
            return count;
        }

        @Override
        public int length(long index) {
            return 1;
        }

        @Override
        public Sample get(long index) {
            made.incrementAndGet();
            if (index % 10 == 9) {
                throw new RecordException(Flaw.PICTURE_MISSING, "no picture for " + index);
            }
            var ids = new int[] {(int) index};
            return new Sample("#" + index, ids, ids, new int[1], Optional.empty());
        }
    }

    /// Samples made by a function.
    private record Made(Supplier<Sample> maker) implements Examples {

        @Override
        public long size() {
            return 1;
        }

        @Override
        public int length(long index) {
            return 1;
        }

        @Override
        public Sample get(long index) {
            return maker.get();
        }
    }

    private final int[] order = new Sampler.Shuffled(95).order(3);

    @Test
    void batchesComeInOrderWithoutTheFlawed() {
        try (var loader = new Loader(new Numbers(95), order, 0, 4)) {
            var position = 0;
            for (var batch = loader.next(); batch.isPresent(); batch = loader.next()) {
                var end = Math.min(position + 4, 95);
                var expected = IntStream.range(position, end).map(i -> order[i]).filter(i -> i % 10 != 9);
                assertThat(numbers(batch.get()))
                        .containsExactlyElementsOf(expected.boxed().toList());
                position = end;
                assertThat(loader.position()).isEqualTo(position);
            }
            assertThat(position).isEqualTo(95);
            assertThat(loader.skipped())
                    .hasSize(9)
                    .allMatch(skipped -> skipped.flaw() == Flaw.PICTURE_MISSING && skipped.index() % 10 == 9)
                    .allMatch(skipped -> skipped.reason().equals("no picture for " + skipped.index()));
        }
    }

    @Test
    void anyPositionCanBeResumed() {
        for (var start = 0; start <= 95; start += 5) {
            try (var whole = new Loader(new Numbers(95), order, 0, 5);
                    var resumed = new Loader(new Numbers(95), order, start, 5)) {
                while (whole.position() < start) {
                    whole.next();
                }
                assertThat(rest(resumed)).isEqualTo(rest(whole));
            }
        }
    }

    @Test
    void noMoreAreUnderWayThanAllowed() throws InterruptedException {
        var numbers = new Numbers(95);
        try (var loader = new Loader(numbers, order, 0, 4, 6)) {
            loader.next();
            for (var wait = 0; numbers.made.get() < 10 && wait < 1000; wait++) {
                Thread.sleep(5);
            }
            Thread.sleep(50);
            assertThat(numbers.made).hasValue(10);
        }
    }

    @Test
    void ourOwnErrorsSurface() {
        var broken = new Made(() -> {
            throw new IllegalStateException("a bug");
        });
        try (var loader = new Loader(broken, new int[3], 0, 2)) {
            assertThatThrownBy(loader::next).isInstanceOf(AerieException.class).hasMessageContaining("a bug");
        }
    }

    /// The class of an error says nothing to a user.
    @Test
    void anErrorForUsersKeepsItsWords() {
        var missing = new Made(() -> {
            throw new AerieException("cannot open the picture x.png: there is no disk");
        });
        try (var loader = new Loader(missing, new int[3], 0, 2)) {
            assertThatThrownBy(loader::next)
                    .isInstanceOf(AerieException.class)
                    .hasMessage("cannot open the picture x.png: there is no disk");
        }
    }

    @Test
    void closingStopsTheWork() {
        var numbers = new Numbers(95);
        var loader = new Loader(numbers, order, 0, 4);
        loader.next();
        loader.close();
        loader.close();
        var made = numbers.made.get();
        assertThat(made).isLessThanOrEqualTo(12);
        assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void senselessSettingsAreRefused() {
        assertThatThrownBy(() -> new Loader(new Numbers(1), new int[1], 0, 0)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> new Loader(new Numbers(1), new int[1], 2, 1)).isInstanceOf(AerieException.class);
        assertThatThrownBy(() -> new Loader(new Numbers(1), new int[1], 0, 4, 3))
                .isInstanceOf(AerieException.class);
    }

    private static List<Integer> rest(Loader loader) {
        var rest = new ArrayList<Integer>();
        for (var batch = loader.next(); batch.isPresent(); batch = loader.next()) {
            rest.addAll(numbers(batch.get()));
        }
        return rest;
    }

    private static List<Integer> numbers(List<Sample> samples) {
        return samples.stream().map(sample -> sample.ids()[0]).toList();
    }
}

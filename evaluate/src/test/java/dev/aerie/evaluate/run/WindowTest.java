package dev.aerie.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aerie.evaluate.benchmark.Fields;
import dev.aerie.evaluate.data.EncodedPicture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WindowTest {

    private record Named(String key) implements EncodedPicture {

        @Override
        public String name() {
            return key;
        }

        @Override
        public byte[] read() {
            return new byte[0];
        }
    }

    private static List<Item> items(int count) {
        var random = new SplittableRandom(5);
        return LongStream.range(0, count)
                .mapToObj(i -> new Item(
                        i,
                        new Fields("", JsonMapper.shared().createObjectNode()),
                        "",
                        "",
                        "",
                        "x".repeat(random.nextInt(40)),
                        List.of(),
                        List.of(new Named("p" + random.nextInt(20))),
                        ""))
                .toList();
    }

    @Test
    void everyItemHasOnePlaceAndPicturesStandTogether() {
        var batches = Window.batches(items(100), 8, Disturbance.NONE);
        var order = batches.stream().flatMap(Collection::stream).toList();
        assertThat(order).extracting(Item::number).doesNotHaveDuplicates().hasSize(100);
        assertThat(batches.subList(0, batches.size() - 1)).allMatch(batch -> batch.size() == 8);
        var seen = new HashSet<String>();
        var before = "";
        for (var item : order) {
            assertThat(item.pictureKey().equals(before) || seen.add(item.pictureKey()))
                    .isTrue();
            before = item.pictureKey();
        }
    }

    @Test
    void shuffledQuestionsGetAnotherPicture() {
        var items = items(100);
        var order = new ArrayList<Item>();
        Window.batches(items, 8, Disturbance.of("shuffled")).forEach(order::addAll);
        assertThat(order)
                .hasSize(100)
                .allSatisfy(item -> assertThat(item.pictureKey())
                        .isNotEqualTo(items.get((int) item.number()).pictureKey()));
    }

    @Test
    void partsShareTheWork() {
        for (long records : new long[] {1, 128, 129, 1000, 5000}) {
            for (int of = 1; of < 6; of++) {
                long sum = 0;
                for (int number = 1; number <= of; number++) {
                    sum += new Part(number, of).size(records);
                }
                assertThat(sum).isEqualTo(records);
                for (long window = 0; window * Part.WINDOW < records; window++) {
                    long at = window;
                    int all = of;
                    assertThat(IntStream.rangeClosed(1, of).filter(number -> new Part(number, all).has(at)))
                            .hasSize(1);
                }
            }
        }
    }
}

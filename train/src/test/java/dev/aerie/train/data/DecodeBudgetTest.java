package dev.aerie.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.image.Picture;
import dev.aerie.image.Pictures;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DecodeBudgetTest {

    private static final byte[] PICTURE = Pictures.png(Picture.filled(100, 100, 1, 2, 3));

    /// Starts eight pieces of work at once and waits for them.
    ///
    /// @return how many were under way together at most
    private static int most(DecodeBudget budget) throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var tasks = new ArrayList<FutureTask<Integer>>();
        for (int i = 0; i < 8; i++) {
            var task = new FutureTask<Integer>(() -> budget.during(PICTURE, () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                LockSupport.parkNanos(50_000); // others come meanwhile, where they may
                return now.decrementAndGet();
            }));
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        for (var task : tasks) {
            task.get();
        }
        return most.get();
    }

    @Test
    void noMoreAreUnderWayThanThereIsRoomFor() throws Exception {
        long each = DecodeBudget.bytes(PICTURE);
        for (int i = 0; i < 50; i++) {
            assertThat(most(new DecodeBudget(2 * each + each / 2))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatFitsIsUnderWayTogether() throws Exception {
        var budget = new DecodeBudget(2 * DecodeBudget.bytes(PICTURE) + 4096);
        var both = new CyclicBarrier(2);
        var tasks = new ArrayList<FutureTask<Integer>>();
        for (int i = 0; i < 2; i++) {
            var task = new FutureTask<Integer>(() -> budget.during(PICTURE, () -> meet(both)));
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        for (var task : tasks) {
            assertThat(task.get()).isBetween(0, 1);
        }
    }

    private static int meet(CyclicBarrier both) {
        try {
            return both.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("nobody else came", e);
        }
    }

    @Test
    void whatIsLargerThanAllIsAlone() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(most(new DecodeBudget(1))).isEqualTo(1);
        }
    }

    @Test
    void workThatFailsGivesItsRoomBack() throws Exception {
        var budget = new DecodeBudget(1);
        assertThatThrownBy(() -> budget.during(PICTURE, () -> {
                    throw new IllegalStateException("damaged");
                }))
                .hasMessage("damaged");
        assertThat(most(budget)).isEqualTo(1);
    }

    @Test
    void aPictureCountsByItsPixels() {
        var wide = Pictures.png(Picture.filled(400, 100, 1, 2, 3));
        assertThat(DecodeBudget.bytes(wide) - wide.length).isEqualTo(8 * 400 * 100 + 3 * 400 * 400);
        assertThat(DecodeBudget.bytes(new byte[10])).as("no picture").isEqualTo(10);
    }
}

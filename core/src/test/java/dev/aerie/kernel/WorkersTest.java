package dev.aerie.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void doesEveryPartOnce(int threads) {
        try (var workers = Workers.of(threads)) {
            assertThat(workers.threads()).isEqualTo(threads);
            for (int parts : new int[] {0, 1, 2, 3, 7, 100, 1000}) {
                assertEveryPartOnce(workers, parts);
            }
        }
    }

    @Test
    void keepsCountThroughManyShortJobs() {
        try (var workers = Workers.of(3)) {
            var sum = new AtomicInteger();
            for (int i = 0; i < 50_000; i++) {
                workers.run(3, part -> sum.addAndGet(part + 1));
                assertThat(sum.getAndSet(0)).isEqualTo(6);
            }
        }
    }

    /// The barrier opens only if two threads are in the job at once; the pauses let the team fall asleep
    /// between jobs.
    @Test
    void wakesATeamThatSleeps() {
        try (var workers = Workers.of(2)) {
            var barrier = new CyclicBarrier(2);
            for (int i = 0; i < 20; i++) {
                workers.run(2, part -> meet(barrier));
                sleep(i % 4);
            }
            assertThat(barrier.getNumberWaiting()).isZero();
        }
    }

    /// The caller is done long before the member is, and sleeps until then.
    @Test
    void waitsForTheSlowestPart() {
        try (var workers = Workers.of(2)) {
            var barrier = new CyclicBarrier(2);
            var caller = Thread.currentThread();
            var finished = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                workers.run(2, part -> {
                    meet(barrier);
                    if (Thread.currentThread() != caller) {
                        sleep(20);
                    }
                    finished.incrementAndGet();
                });
                assertThat(finished.getAndSet(0)).isEqualTo(2);
            }
        }
    }

    @Test
    void throwsWhatAPartThrew() {
        try (var workers = Workers.of(2)) {
            var failure = new AerieException("part 5");
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> workers.run(9, part -> {
                            if (part == 5) {
                                throw failure;
                            }
                        }))
                        .isSameAs(failure);
            }
            assertThatThrownBy(() -> workers.run(4, part -> {
                        throw new StackOverflowError("deep");
                    }))
                    .isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(() ->
                            workers.run(4, part -> WorkersTest.<RuntimeException>sneak(new IOException("checked"))))
                    .isInstanceOf(IOException.class);
            assertEveryPartOnce(workers, 50);
        }
    }

    @Test
    void leavesOutWhatComesAfterAFailure() {
        try (var workers = Workers.of(2)) {
            var done = new AtomicInteger();
            assertThatThrownBy(() -> workers.run(1_000_000, part -> {
                        done.incrementAndGet();
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(done.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void runsAJobWithinAJob() {
        try (var workers = Workers.of(2)) {
            var counts = new AtomicIntegerArray(64);
            workers.run(8, outer -> workers.run(8, inner -> counts.incrementAndGet(outer * 8 + inner)));
            for (int i = 0; i < 64; i++) {
                assertThat(counts.get(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void servesSeveralCallers() throws InterruptedException {
        try (var workers = Workers.of(2)) {
            var wrong = new AtomicReference<Throwable>();
            var callers = new Thread[4];
            for (int i = 0; i < callers.length; i++) {
                callers[i] = Thread.ofPlatform().start(() -> {
                    try {
                        for (int round = 0; round < 500; round++) {
                            assertEveryPartOnce(workers, 10);
                        }
                    } catch (Throwable e) {
                        wrong.set(e);
                    }
                });
            }
            for (var caller : callers) {
                caller.join();
            }
            assertThat(wrong.get()).isNull();
        }
    }

    @Test
    void worksAloneAfterClose() {
        var workers = Workers.of(3);
        workers.close();
        workers.close();
        var caller = Thread.currentThread();
        workers.run(20, part -> assertThat(Thread.currentThread()).isSameAs(caller));
        assertEveryPartOnce(workers, 20);
    }

    @Test
    void finishesTheJobDuringWhichItIsClosed() {
        var workers = Workers.of(2);
        var done = new AtomicInteger();
        workers.run(100, part -> {
            workers.close();
            done.incrementAndGet();
        });
        assertThat(done.get()).isEqualTo(100);
    }

    @Test
    void itsThreadsEndWithIt() throws InterruptedException {
        var workers = Workers.of(2);
        var member = new Thread[] {Thread.currentThread()};
        var barrier = new CyclicBarrier(2);
        var caller = Thread.currentThread();
        IntConsumer look = part -> {
            if (Thread.currentThread() != caller) {
                member[0] = Thread.currentThread();
            }
            meet(barrier);
        };
        workers.run(2, look);
        assertThat(member[0]).isNotSameAs(caller);
        assertThat(member[0].isDaemon()).isTrue();
        member[0].interrupt();
        workers.run(2, look);
        workers.close();
        assertThat(member[0].join(Duration.ofSeconds(20))).isTrue();
    }

    /// An interrupt is the caller's own business: the job is done and the mark stays.
    @Test
    void finishesForAnInterruptedCaller() throws InterruptedException {
        try (var workers = Workers.of(2)) {
            var started = new CountDownLatch(1);
            var marked = new AtomicInteger(-1);
            var done = new AtomicInteger();
            var caller = Thread.ofPlatform().start(() -> {
                var self = Thread.currentThread();
                var barrier = new CyclicBarrier(2);
                workers.run(2, part -> {
                    meet(barrier);
                    if (Thread.currentThread() != self) {
                        started.countDown();
                        sleep(30);
                    }
                    done.incrementAndGet();
                });
                marked.set(self.isInterrupted() ? 1 : 0);
            });
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            caller.join();
            assertThat(done.get()).isEqualTo(2);
            assertThat(marked.get()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnEmptyTeam() {
        assertThatThrownBy(() -> Workers.of(0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0 threads");
    }

    private static void assertEveryPartOnce(Workers workers, int parts) {
        var counts = new AtomicIntegerArray(parts);
        workers.run(parts, counts::incrementAndGet);
        for (int i = 0; i < parts; i++) {
            assertThat(counts.get(i)).as("part %d of %d", i, parts).isEqualTo(1);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable checked) throws E {
        throw (E) checked;
    }
}

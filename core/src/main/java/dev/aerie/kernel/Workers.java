package dev.aerie.kernel;

import dev.aerie.AerieException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed team of threads for loops of some microseconds to milliseconds: the caller and n − 1 daemons.
///
/// A decode step makes hundreds of such loops in a row, so a member that has nothing to do looks out for the
/// next job for a moment before it goes to sleep. Parts are claimed one by one: if a member comes late, because
/// its core is busy with something else, the others do its share.
public final class Workers implements AutoCloseable {

    /// How long a thread looks out before it sleeps: longer than the pause between two products of a decode
    /// step, shorter than anybody would notice on an idle machine.
    private static final long PATIENCE_NANOS = 100_000;

    /// How long the caller looks on while others finish: about one part. If that takes longer, a member may
    /// have been put on the caller's own core.
    private static final long LAST_PART_NANOS = 20_000;

    private final Member[] team;
    private final Scratch scratch = new Scratch();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Job job = Job.NONE;
    private volatile boolean closed;

    private Workers(int threads) {
        team = new Member[threads - 1];
        for (int i = 0; i < team.length; i++) {
            team[i] = new Member("aerie-worker-" + (i + 1));
            team[i].start();
        }
    }

    /// A team of `threads` threads, the caller of [#run] counted in.
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new AerieException("Starting workers: " + threads + " threads asked for, at least 1 expected");
        }
        return new Workers(threads);
    }

    /// Threads that work on a job, the caller counted in.
    public int threads() {
        return team.length + 1;
    }

    /// Calls `body` once with each of 0 … `parts` − 1, on any thread of the team, and returns when all have
    /// returned.
    ///
    /// If a part throws, parts not yet begun are left out and the first exception is thrown here. While the
    /// team is busy (a call from within a part, or from another thread), and after [#close], the caller does
    /// all itself.
    public void run(int parts, IntConsumer body) {
        if (parts <= 1 || team.length == 0 || closed || !busy.compareAndSet(false, true)) {
            for (int part = 0; part < parts; part++) {
                body.accept(part);
            }
            return;
        }
        var current = new Job(parts, body);
        try {
            job = current;
            for (int i = 0; i < Math.min(team.length, parts - 1); i++) {
                team[i].wake();
            }
            current.work();
            current.await();
        } finally {
            job = Job.NONE;
            busy.set(false);
        }
        current.rethrow();
    }

    Scratch scratch() {
        return scratch;
    }

    /// Lets the threads go. A job under way is finished.
    @Override
    public void close() {
        closed = true;
        for (var member : team) {
            LockSupport.unpark(member);
        }
    }

    private final class Member extends Thread {

        private volatile boolean asleep;

        Member(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!closed) {
                Thread.interrupted(); // means nothing to a member, and must not reach the parts
                var next = job;
                if (next.hasParts()) {
                    next.work();
                } else if (!lookOut()) {
                    sleep();
                }
            }
        }

        /// Whether there was something to do before patience ran out.
        private boolean lookOut() {
            long begin = System.nanoTime();
            do {
                for (int i = 0; i < 32; i++) {
                    if (job.hasParts()) {
                        return true;
                    }
                    Thread.onSpinWait();
                }
                Thread.yield(); // on a busy machine the caller may be waiting for this very core
            } while (!closed && System.nanoTime() - begin < PATIENCE_NANOS);
            return closed;
        }

        /// The flag is raised before the job is looked at again, and [#run] sets the job before it reads the
        /// flag: one of the two sees the other.
        private void sleep() {
            asleep = true;
            if (!closed && !job.hasParts()) {
                LockSupport.park(Workers.this);
            }
            asleep = false;
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }
    }

    /// One call of [#run]. Every call has counters of its own, so a member that comes late finds an old job
    /// empty.
    private static final class Job {

        static final Job NONE = new Job(0, part -> {});

        private final int parts;
        private final IntConsumer body;
        private final AtomicInteger claimed = new AtomicInteger();
        private final AtomicInteger open;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile @Nullable Thread waiting;

        Job(int parts, IntConsumer body) {
            this.parts = parts;
            this.body = body;
            this.open = new AtomicInteger(parts);
        }

        boolean hasParts() {
            return claimed.getPlain() < parts && claimed.get() < parts;
        }

        void work() {
            for (int part = claimed.getAndIncrement(); part < parts; part = claimed.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        body.accept(part);
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
                if (open.decrementAndGet() == 0) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        /// Waits for the parts that others have claimed.
        void await() {
            long begin = System.nanoTime();
            while (open.get() > 0) {
                if (System.nanoTime() - begin < LAST_PART_NANOS) {
                    Thread.onSpinWait();
                } else {
                    waiting = Thread.currentThread();
                    if (open.get() > 0) {
                        LockSupport.park(this);
                    }
                }
            }
        }

        void rethrow() {
            var thrown = failure.get();
            if (thrown != null) {
                throw Job.<RuntimeException>unchecked(thrown);
            }
        }

        /// A part cannot declare checked exceptions, so what it threw passes on as it is.
        @SuppressWarnings("unchecked")
        private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }
}

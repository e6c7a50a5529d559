package dev.aerie.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jline.utils.Signals;

/// Leaves at a signal. An ordinary exit takes libtorch apart while other threads still compute with it, which ends in a
/// crash report; so once everybody has cleaned up, the process ends at once, with the code that shells expect.
final class Departure {

    private static final Set<Runnable> CLEANUPS = ConcurrentHashMap.newKeySet();

    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int BY_SIGNAL = 128;
    private static final long PATIENCE_MILLIS = 10_000;

    /// The virtual machine starts one hook after another: until JLine's is under way, too.
    private static final long MOMENT_MILLIS = 20;

    private volatile int code;

    /// Listens for signals from now on.
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "aerie-departure"));
        SIGNALS.forEach((name, number) -> Signals.register(name, () -> {
            code = BY_SIGNAL + number;
            System.exit(code);
        }));
    }

    /// Lets something be done before a signal ends the process.
    static void prepare(Runnable cleanup) {
        CLEANUPS.add(cleanup);
    }

    /// Takes it back, as there is nothing left to clean up.
    static void forget(Runnable cleanup) {
        CLEANUPS.remove(cleanup);
    }

    /// Cleans up and ends the process, if a signal began this.
    private void leave() {
        if (code == 0) {
            return;
        }
        try {
            CLEANUPS.forEach(Runnable::run);
            Thread.sleep(MOMENT_MILLIS);
            for (var thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("JLine Shutdown")) {
                    thread.join(PATIENCE_MILLIS);
                }
            }
            System.out.flush();
            System.err.flush();
            atOnce(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the process with nothing but that.
    static void atOnce(int code) {
        var linker = Linker.nativeLinker();
        linker.defaultLookup().find("_exit").ifPresent(address -> {
            var exit = linker.downcallHandle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
            try {
                exit.invokeExact(code);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot leave", e);
            }
        });
    }
}

package dev.aerie.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jline.utils.Signals;

/// Leaves at a signal. An ordinary exit takes libtorch apart while other threads still compute with it, which ends in a
/// crash report; so once everybody has cleaned up, the process ends at once, with the code that shells expect.
final class Departure {

    /// Hooks of this name are waited for.
    static final String CLEANUP = "aerie-cleanup";

    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int BY_SIGNAL = 128;
    private static final long PATIENCE_MILLIS = 10_000;

    private volatile int code;

    /// Listens for signals from now on.
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "aerie-departure"));
        SIGNALS.forEach((name, number) -> Signals.register(name, () -> {
            code = BY_SIGNAL + number;
            System.exit(code);
        }));
    }

    /// Runs beside all other hooks, and ends the process after them if a signal began it.
    private void leave() {
        if (code == 0) {
            return;
        }
        try {
            for (var thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals(CLEANUP) || thread.getName().startsWith("JLine Shutdown")) {
                    thread.join(PATIENCE_MILLIS);
                }
            }
            System.out.flush();
            System.err.flush();
            exit(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void exit(int code) {
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

package dev.loomgate.cli.process;

import static dev.loomgate.cli.process.SystemCalls.call;
import static dev.loomgate.cli.process.SystemCalls.check;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// SIGQUIT as a signal that Java code can handle. HotSpot keeps it for its dump of threads, and lets nobody else have
/// it.
///
/// So its handler becomes a few instructions of machine code, which send [#COMES_AS] to this process, a signal that
/// Linux itself never sends: getpid(2) and kill(2), which may be called in a handler, whatever it has interrupted. Why:
/// docs/decisions/044.
///
/// `jcmd` and `jstack` send SIGQUIT, too, where they connect to a JVM for the first time. They leave a file before,
/// `.attach_pid4711`; then HotSpot gets the signal ([#isOfTool], [#passOn]). Any thread.
public final class QuitSignal {
    /// The name, without `SIG`, of the signal that comes instead.
    public static final String COMES_AS = "STKFLT";

    /// SIGQUIT's own.
    public static final int NUMBER = 3;

    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int READ_AND_EXECUTE = 1 | 4;
    private static final Duration ATTACH_LIMIT = Duration.ofSeconds(5);

    private static final String ARCHITECTURE = "amd64";
    private static final long PAGE_BYTES = 4096;

    /// `kill(getpid(), SIGSTKFLT)`: mov eax, 39; syscall; mov edi, eax; mov esi, 16; mov eax, 62; syscall; ret.
    private static final byte[] INSTRUCTIONS =
            HexFormat.of().parseHex("b827000000" + "0f05" + "89c7" + "be10000000" + "b83e000000" + "0f05" + "c3");

    private static @Nullable QuitSignal relay; // guarded by the class

    private final MemorySegment ours;
    private final MemorySegment hotSpots;

    private QuitSignal(MemorySegment ours, MemorySegment hotSpots) {
        this.ours = ours;
        this.hotSpots = hotSpots;
    }

    /// Has SIGQUIT come as the other signal from now on, which is to have a handler already.
    ///
    /// @return empty where that isn't possible, and SIGQUIT stays HotSpot's; the log says why
    public static synchronized Optional<QuitSignal> relay() {
        if (relay != null) {
            return Optional.of(relay);
        }
        String why;
        try {
            if (System.getProperty("os.arch", "").equals(ARCHITECTURE)) {
                QuitSignal signal = made();
                Dispositions.set(NUMBER, signal.ours);
                relay = signal;
                return Optional.of(signal);
            }
            why = "this machine is no " + ARCHITECTURE;
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        LOG.log(Level.WARNING, "SIGQUIT writes the JVM''s threads instead of stopping the server: {0}", why);
        return Optional.empty();
    }

    private static QuitSignal made() throws IOException {
        // For good: a signal may come as long as there is a process.
        Arena arena = Arena.global();
        MemorySegment page = arena.allocate(PAGE_BYTES, PAGE_BYTES);
        page.copyFrom(MemorySegment.ofArray(INSTRUCTIONS));
        check("mprotect", call("mprotect", page, PAGE_BYTES, READ_AND_EXECUTE));
        return new QuitSignal(Dispositions.calling(page, arena), Dispositions.of(NUMBER, arena));
    }

    /// Whether the one that has come is of a tool that wants to connect to this JVM. Once it has, tools have a socket.
    public static boolean isOfTool() {
        String file = ".attach_pid" + ProcessHandle.current().pid();
        return Files.notExists(socket()) && (Files.exists(Path.of(file)) || Files.exists(Path.of("/tmp", file)));
    }

    private static Path socket() {
        return Path.of("/tmp", ".java_pid" + ProcessHandle.current().pid());
    }

    /// Sends HotSpot the signal of such a tool, and waits until it has opened its socket. Blocks, five seconds at most.
    public synchronized void passOn() throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        long end = System.nanoTime() + ATTACH_LIMIT.toNanos();
        Dispositions.set(NUMBER, hotSpots);
        try {
            SystemCalls.kill((int) pid, NUMBER);
            while (Files.notExists(socket()) && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } finally {
            Dispositions.set(NUMBER, ours);
        }
    }
}

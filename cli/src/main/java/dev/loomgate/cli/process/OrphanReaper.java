package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// What the first process of a container has to do beside its own work: orphans become its children, and those that
/// have ended stay in the process table until it asks for them.
///
/// Processes that Java code has started are the JDK's to ask for, which it does at once. So who has ended and is still
/// there at two looks in a row is an orphan. A daemon thread of its own, to the process's end.
final class OrphanReaper {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final int FIRST = 1;
    private static final int DONT_WAIT = 1;

    private OrphanReaper() {}

    /// Starts it, if this process is its system's or container's first.
    static void startIfFirst() {
        if (ProcessHandle.current().pid() == FIRST) {
            Thread.ofPlatform().daemon().name("loomgate-orphans").start(OrphanReaper::reap);
        }
    }

    private static void reap() {
        Set<Integer> before = Set.of();
        try {
            while (true) {
                Thread.sleep(PERIOD);
                Set<Integer> now = endedChildren();
                for (int pid : now) {
                    if (before.contains(pid)) {
                        SystemCalls.call("waitpid", pid, MemorySegment.NULL, DONT_WAIT);
                    }
                }
                before = now;
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "orphans stay");
        }
    }

    private static Set<Integer> endedChildren() {
        Set<Integer> ended = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
            for (Path each : all) {
                if (isEndedChild(each)) {
                    ended.add(Integer.parseInt(String.valueOf(each.getFileName())));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "orphans can''t be looked for: {0}", e.getMessage());
        }
        return ended;
    }

    // `4711 (its name) Z 1 ...`
    private static boolean isEndedChild(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z " + FIRST + " ", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false; // it has gone
        }
    }
}

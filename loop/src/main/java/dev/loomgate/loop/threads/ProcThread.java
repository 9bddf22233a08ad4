package dev.loomgate.loop.threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Linux says of one OS thread in `/proc`: whether it waits, and how long it has run.
///
/// That tells a thread that is held from one that only got no CPU for a while.
public final class ProcThread {
    /// The number of a thread of which nothing is known: no `/proc` here.
    public static final long UNKNOWN = -1;

    /// @param known whether the rest is
    /// @param waiting whether it waits for something, as opposed to being run or wanting to be
    /// @param ranNanos the CPU time that it has used
    public record Work(boolean known, boolean waiting, long ranNanos) {
        static final Work NOT_KNOWN = new Work(false, false, 0);
    }

    private ProcThread() {}

    /// The number of the calling thread; [#UNKNOWN] where it can't be found out.
    public static long ofCurrent() {
        try {
            // 4711/task/4712
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString());
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }

    /// What it does now. Any thread.
    ///
    /// @param thread the number that [#ofCurrent] gave it
    public static Work work(long thread) {
        if (thread == UNKNOWN) {
            return Work.NOT_KNOWN;
        }
        try {
            Path directory = Path.of("/proc/self/task/" + thread);
            String stat = Files.readString(directory.resolve("stat")); // 4712 (its name) S 1 ...
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            String schedstat = Files.readString(directory.resolve("schedstat")); // ran waited times
            return new Work(true, state != 'R', Long.parseLong(schedstat, 0, schedstat.indexOf(' '), 10));
        } catch (IOException | RuntimeException e) {
            return Work.NOT_KNOWN;
        }
    }
}

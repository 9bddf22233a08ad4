package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What `ps` shows of this process: its title in place of the command line, and the short name that `ps -o comm` and
/// `top` have.
///
/// The kernel shows the memory in which it put the command line, whatever is there now (proc(5), `/proc/pid/cmdline`).
/// That memory is written over, and no longer title than the command line fits. The JVM has its own copy.
final class ProcessTitle {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    // From the field after the name, the third: arg_start and arg_end are the 48th and the 49th.
    private static final int ARG_START = 45;
    private static final int ARG_END = 46;

    private ProcessTitle() {}

    /// Where that isn't possible, nothing happens but a line in the log.
    static void set(String title) {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1));
            long start = Long.parseLong(fields.get(ARG_START));
            long length = Long.parseLong(fields.get(ARG_END)) - start;
            if (length > 1) {
                write(SystemCalls.memory(start, length), title.getBytes(StandardCharsets.UTF_8));
            }
            Files.writeString(Path.of("/proc/self/comm"), title, StandardOpenOption.WRITE);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the process keeps its name (--procname): {0}", e.toString());
        }
    }

    private static void write(MemorySegment memory, byte[] title) {
        memory.fill((byte) 0);
        long count = Math.min(title.length, memory.byteSize() - 1);
        MemorySegment.copy(title, 0, memory, ValueLayout.JAVA_BYTE, 0, (int) count);
    }
}

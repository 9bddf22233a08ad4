package dev.loomgate.cli.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// How many files and sockets this process may have open. Source: getrlimit(2), Linux.
///
/// ```
///  struct rlimit { rlim_t rlim_cur, rlim_max; }     each 8 bytes
/// ```
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7;
    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

    private OpenFiles() {}

    /// Raises the limit, if it is lower, for this process and for those that it starts from now on.
    ///
    /// @throws IllegalStateException if it can't be; the message is a line for the operator
    public static void allow(int files) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
            require(call("getrlimit", limit), "the limit of open files can't be told");
            long soft = limit.getAtIndex(ValueLayout.JAVA_LONG, 0);
            long hard = limit.getAtIndex(ValueLayout.JAVA_LONG, 1);
            if (Long.compareUnsigned(soft, files) >= 0) {
                return;
            }
            limit.setAtIndex(ValueLayout.JAVA_LONG, 0, files);
            limit.setAtIndex(ValueLayout.JAVA_LONG, 1, Long.compareUnsigned(hard, files) >= 0 ? hard : files);
            require(
                    call("setrlimit", limit),
                    "%d open files aren't allowed: this process may have %s at most (ulimit -Hn), root up to fs.nr_open (--max-fd)"
                            .formatted(files, Long.toUnsignedString(hard)));
        }
    }

    private static int call(String function, MemorySegment limit) {
        MethodHandle handle = Libc.function(function, TYPE);
        return Libc.call(handle, RLIMIT_NOFILE, limit);
    }

    private static void require(int result, String problem) {
        if (result != 0) {
            throw new IllegalStateException(problem);
        }
    }
}

package dev.loomgate.cli.process;

import static dev.loomgate.cli.process.SystemCalls.call;
import static dev.loomgate.cli.process.SystemCalls.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What signals do to this process, below HotSpot: sigaction(2) of the C library, on Linux with pointers of 64 bits.
///
/// ```
///  struct sigaction     0 handler    8 mask, 128 bytes    136 flags    144 restorer
/// ```
final class Dispositions {
    private static final long STRUCT_BYTES = 152;
    private static final long HANDLER = 0;
    private static final long FLAGS = 136;
    private static final int RESTART = 0x10000000;

    private Dispositions() {}

    /// What a signal does, to be given back to [#set].
    static MemorySegment of(int signal, Arena arena) throws IOException {
        MemorySegment disposition = arena.allocate(STRUCT_BYTES, Long.BYTES);
        check("sigaction", call("sigaction", signal, MemorySegment.NULL, disposition));
        return disposition;
    }

    static void set(int signal, MemorySegment disposition) throws IOException {
        check("sigaction", call("sigaction", signal, disposition, MemorySegment.NULL));
    }

    /// One that calls a function.
    static MemorySegment calling(MemorySegment function, Arena arena) {
        MemorySegment disposition = arena.allocate(STRUCT_BYTES, Long.BYTES);
        disposition.set(ValueLayout.ADDRESS, HANDLER, function);
        disposition.set(ValueLayout.JAVA_INT, FLAGS, RESTART);
        return disposition;
    }
}

package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A datagram socket in the unix domain, which Java has none of. For one thread at a time, which may wait.
///
/// ```
///  sockaddr_un: u16 family = 1, 108 bytes: the path, ended by a NUL
/// ```
public final class UnixDatagrams {
    private static final int FAMILY = 1;
    private static final int DATAGRAMS = 2;
    private static final int PATH_BYTES = 108;
    private static final int DO_NOT_WAIT = 0x40;
    private static final int NO_SIGNAL = 0x4000;
    private static final int TRY_AGAIN = 11;
    private static final int MOST_TRIES = 20;
    private static final long PAUSE_NANOS = 5_000_000L;

    private static final class Function {
        static final MethodHandle SEND_TO = NativeFunctions.find(
                "sendto",
                NativeFunctions.LONG,
                NativeFunctions.INT,
                ValueLayout.ADDRESS,
                NativeFunctions.LONG,
                NativeFunctions.INT,
                ValueLayout.ADDRESS,
                NativeFunctions.INT);
    }

    private final int descriptor;

    private UnixDatagrams(int descriptor) {
        this.descriptor = descriptor;
    }

    /// A socket without a name, open until [#close] or the end of the process.
    ///
    /// @throws IOException if there are no descriptors left
    public static UnixDatagrams open() throws IOException {
        return new UnixDatagrams(SystemCalls.socket(FAMILY, DATAGRAMS | SystemCalls.CLOSE_ON_EXEC));
    }

    /// Closes it.
    public void close() {
        try {
            SystemCalls.close(descriptor);
        } catch (IOException e) {
            // The descriptor is gone nevertheless: close(2).
        }
    }

    /// Sends a datagram. Where the receiver's queue is full, it waits for a tenth of a second at most.
    ///
    /// @throws IOException if nobody receives there, the queue stays full, or it is too large
    public void send(byte[] packet, Path to) throws IOException {
        byte[] path = to.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= PATH_BYTES) {
            throw new IOException("the path has %d bytes, over %d".formatted(path.length, PATH_BYTES - 1));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(NativeFunctions.state());
            MemorySegment bytes = arena.allocate(Math.max(1, packet.length));
            MemorySegment.copy(packet, 0, bytes, ValueLayout.JAVA_BYTE, 0, packet.length);
            MemorySegment address = arena.allocate(2 + PATH_BYTES, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) FAMILY);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
            for (int tries = 1; send(state, bytes, packet.length, address, 2 + path.length + 1) < 0; tries++) {
                int error = NativeFunctions.errno(state);
                if (error != TRY_AGAIN || tries == MOST_TRIES) {
                    throw NativeFunctions.failure("sendto", error);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private long send(MemorySegment state, MemorySegment bytes, long length, MemorySegment address, int addressBytes) {
        try {
            return (long) Function.SEND_TO.invokeExact(
                    state, descriptor, bytes, length, DO_NOT_WAIT | NO_SIGNAL, address, addressBytes);
        } catch (Throwable e) {
            throw new IllegalStateException("sendto can't be called", e);
        }
    }
}

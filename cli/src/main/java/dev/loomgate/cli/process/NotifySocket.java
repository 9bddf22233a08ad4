package dev.loomgate.cli.process;

import static dev.loomgate.cli.process.SystemCalls.call;
import static dev.loomgate.cli.process.SystemCalls.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// The datagram socket on which a service manager hears of this process. Java has none of that kind.
///
/// It is connected once, as who starts the server: the user that this becomes later may go on to use it.
/// Source: sd_notify(3), unix(7).
final class NotifySocket implements AutoCloseable {
    private static final int UNIX = 1;
    private static final int DATAGRAMS = 2;
    private static final int CLOSE_ON_EXEC = SystemCalls.CLOSE_ON_EXEC;
    private static final int NO_SIGPIPE = 0x4000;
    private static final int LONGEST_NAME = 107;

    private final int descriptor;

    private NotifySocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Connects.
    ///
    /// @param name an absolute path, or `@` and an abstract name
    /// @throws IOException if that isn't possible; the message says why
    static NotifySocket connect(String name) throws IOException {
        byte[] address = address(name);
        int descriptor = check("socket", call("socket", UNIX, DATAGRAMS | CLOSE_ON_EXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(address.length, Short.BYTES);
            place.copyFrom(MemorySegment.ofArray(address));
            place.set(ValueLayout.JAVA_SHORT, 0, (short) UNIX);
            check("connect", call("connect", descriptor, place, address.length));
        } catch (IOException e) {
            SystemCalls.close(descriptor);
            throw e;
        }
        return new NotifySocket(descriptor);
    }

    /// struct sockaddr_un, the family left out.
    private static byte[] address(String name) throws IOException {
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !Path.of(name).isAbsolute()) {
            throw new IOException("it has to be an absolute path, or @ and a name");
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            throw new IOException("it has more than %d bytes".formatted(LONGEST_NAME));
        }
        if (isAbstract) {
            bytes[0] = 0;
        }
        byte[] address = new byte[Short.BYTES + bytes.length];
        System.arraycopy(bytes, 0, address, Short.BYTES, bytes.length);
        // A path ends with a NUL; an abstract name with its last byte.
        return isAbstract ? address : Arrays.copyOf(address, address.length + 1);
    }

    /// Sends a message. Waits while the manager's queue is full.
    void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(bytes.length);
            text.copyFrom(MemorySegment.ofArray(bytes));
            check("send", call("send", descriptor, text, (long) bytes.length, NO_SIGPIPE));
        }
    }

    @Override
    public void close() throws IOException {
        SystemCalls.close(descriptor);
    }
}

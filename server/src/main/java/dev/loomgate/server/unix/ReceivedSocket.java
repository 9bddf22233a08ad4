package dev.loomgate.server.unix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a socket that another process has sent fit for a loop. It must not block: a loop that reads from it would
/// stand still. And no process that the JVM starts may inherit it: such a process would keep the connection open,
/// and in the loop's epoll, until it has closed it. Source: fcntl(2), Linux.
public final class ReceivedSocket {
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;
    private static final @Nullable MethodHandle FCNTL = find();

    private ReceivedSocket() {}

    @SuppressWarnings("restricted") // fcntl has no memory to go wrong with
    private static @Nullable MethodHandle find() {
        try {
            Linker linker = Linker.nativeLinker();
            Optional<MemorySegment> fcntl = linker.defaultLookup().find("fcntl");
            return fcntl.map(address -> linker.downcallHandle(
                            address,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT),
                            Linker.Option.firstVariadicArg(2)))
                    .orElse(null);
        } catch (UnsupportedOperationException | IllegalCallerException e) {
            return null; // no linker here, or not for us
        }
    }

    /// Where it can't, nothing happens: then it is as who sent the socket has made it. Any thread.
    public static void makeFit(int descriptor) {
        MethodHandle fcntl = FCNTL;
        if (fcntl != null) {
            call(fcntl, descriptor, F_SETFD, FD_CLOEXEC);
            call(fcntl, descriptor, F_SETFL, O_NONBLOCK);
        }
    }

    private static void call(MethodHandle fcntl, int descriptor, int command, int flag) {
        try {
            int unused = (int) fcntl.invokeExact(descriptor, command, flag);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

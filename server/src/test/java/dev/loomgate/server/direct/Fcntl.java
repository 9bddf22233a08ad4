package dev.loomgate.server.direct;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What a test does with descriptors and Java can't. Source: fcntl(2), Linux.
public final class Fcntl {
    private static final int F_DUPFD = 0;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;

    @SuppressWarnings("restricted") // fcntl has no memory to go wrong with
    private static final MethodHandle FCNTL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("fcntl").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));

    private Fcntl() {}

    /// Another descriptor of the same socket, as another process would have one.
    public static int duplicate(int descriptor) {
        return call(descriptor, F_DUPFD, 0);
    }

    public static void makeBlocking(int descriptor) {
        call(descriptor, F_SETFL, 0);
    }

    public static boolean isBlocking(int descriptor) {
        return (call(descriptor, F_GETFL, 0) & O_NONBLOCK) == 0;
    }

    public static void makeInherited(int descriptor) {
        call(descriptor, F_SETFD, 0);
    }

    public static boolean isInherited(int descriptor) {
        return (call(descriptor, F_GETFD, 0) & FD_CLOEXEC) == 0;
    }

    private static int call(int descriptor, int command, int argument) {
        try {
            int result = (int) FCNTL.invokeExact(descriptor, command, argument);
            if (result < 0) {
                throw new IllegalStateException("fcntl(" + descriptor + ", " + command + ") failed");
            }
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

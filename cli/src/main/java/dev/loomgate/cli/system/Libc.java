package dev.loomgate.cli.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// Functions of the system's C library.
final class Libc {
    private Libc() {}

    /// @throws IllegalStateException if there is none of that name, or Java may not call it
    @SuppressWarnings("restricted") // who calls it knows its types
    static MethodHandle function(String name, FunctionDescriptor type) {
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup()
                            .find(name)
                            .orElseThrow(() -> new IllegalStateException("this system has no " + name)),
                    type);
        } catch (UnsupportedOperationException | IllegalCallerException e) {
            throw new IllegalStateException(name + " can't be called: " + e.getMessage(), e);
        }
    }

    /// What a function of ints says.
    static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

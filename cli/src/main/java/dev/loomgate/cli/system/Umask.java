package dev.loomgate.cli.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;

/// The permission bits that new files don't get. Source: umask(2).
public final class Umask {
    private Umask() {}

    /// Sets it for this process, and for those that it starts from now on.
    ///
    /// @param mask permission bits, 0 to 0777
    /// @throws IllegalStateException if the system's function can't be called
    public static void set(int mask) {
        int before = Libc.call(
                Libc.function("umask", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)), mask);
        assert before >= 0 : "umask never fails";
    }
}

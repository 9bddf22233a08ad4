package dev.loomgate.testkit.fuzz;

import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/// Where the engine calls in, in its own JVM: by these methods' names and signatures.
public final class EngineEntry {
    private static @Nullable FuzzTarget target;

    private EngineEntry() {}

    /// Makes the target.
    ///
    /// @param arguments the name of its class
    public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        target = (FuzzTarget) constructor.newInstance();
    }

    /// Checks an input.
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        FuzzTarget checked = target;
        if (checked == null) {
            throw new IllegalStateException("not initialized");
        }
        checked.check(new FuzzInput(input));
    }
}

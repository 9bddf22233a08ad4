package dev.loomgate.loop.watch;

import java.util.List;

/// The frame of a stack that tells most: the innermost one of the application or of a library that it uses.
final class ApplicationFrame {
    private static final List<String> OTHERS =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "io.netty.", "dev.loomgate.");

    private ApplicationFrame() {}

    /// The innermost frame that is neither the JDK's nor ours; the innermost of all where there is none.
    static String in(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (OTHERS.stream().noneMatch(frame.getClassName()::startsWith)) {
                return frame.toString();
            }
        }
        return stack.length == 0 ? "an unknown place" : stack[0].toString();
    }
}

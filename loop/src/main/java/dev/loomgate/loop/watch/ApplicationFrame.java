package dev.loomgate.loop.watch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The frame of a stack that tells most: the innermost one of the application or of a library that it uses.
final class ApplicationFrame {
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
    private static final List<String> SERVER = List.of("io.netty.", "dev.loomgate.");

    private ApplicationFrame() {}

    /// The innermost frame that is neither the JDK's nor ours; where there is none, the innermost of ours, or of all.
    static String in(StackTraceElement[] stack) {
        return inTexts(Arrays.stream(stack).map(StackTraceElement::toString).toList());
    }

    /// The same of frames as text: `com.example.Report.sum(Report.java:31)`, perhaps with a class loader and a module
    /// before it.
    static String inTexts(List<String> frames) {
        List<String> above = frames.stream().filter(frame -> !isOf(JDK, frame)).toList();
        return Stream.of(above.stream().filter(frame -> !isOf(SERVER, frame)), above.stream(), frames.stream())
                .flatMap(each -> each)
                .findFirst()
                .orElse("an unknown place");
    }

    /// A frame without its line, so that a method is one place wherever in it a thread is found.
    static String method(String frame) {
        int place = frame.indexOf('(');
        return place < 0 ? frame : frame.substring(0, place);
    }

    private static boolean isOf(List<String> prefixes, String frame) {
        return prefixes.stream().anyMatch(withoutModule(frame)::startsWith);
    }

    private static String withoutModule(String frame) {
        int slash = frame.lastIndexOf('/', Math.max(0, frame.indexOf('(')));
        if (frame.startsWith("0x", slash + 1)) { // a hidden class: com.example.Report$$Lambda/0x00007f1c.get(...)
            slash = frame.lastIndexOf('/', slash - 1);
        }
        return frame.substring(slash + 1);
    }
}

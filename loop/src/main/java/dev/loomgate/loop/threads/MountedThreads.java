package dev.loomgate.loop.threads;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// The virtual threads that run now, of any origin, by the JVM's own thread dump (`jcmd PID Thread.print`):
/// nothing else tells which virtual thread a platform thread carries.
///
/// ```
///   "ForkJoinPool-1-worker-1" #31 [4711] daemon prio=5 ...
///      Carrying virtual thread #30
///   	at jdk.internal.vm.Continuation.run(java.base@25/Continuation.java:251)
///   	...
///      Mounted virtual thread #30
///   	at com.example.Report.sum(Report.java:31)
///   	...
/// ```
public final class MountedThreads {
    private static final Pattern HEADER = Pattern.compile("\"(.*)\" #\\d+ .*");
    private static final Pattern MOUNTED = Pattern.compile("\\s+Mounted virtual thread #(\\d+).*");
    private static final Pattern FRAME = Pattern.compile("\\s+at (\\S.*)");

    private MountedThreads() {}

    /// One of them.
    ///
    /// @param carrier the name of the platform thread that it runs on
    /// @param id its `Thread.threadId()`
    /// @param frames its stack as text, the innermost frame first
    public record Mounted(String carrier, long id, List<String> frames) {}

    /// Those that run now. Any thread; stops all threads of the JVM for some milliseconds, and the first time takes
    /// some hundred of the caller's, for the classes that it needs.
    ///
    /// @return none where the JVM has no such dump
    public static List<Mounted> now() {
        try {
            Object dump = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "threadPrint",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return parse(dump.toString());
        } catch (JMException | RuntimeException e) {
            return List.of();
        }
    }

    static List<Mounted> parse(String dump) {
        List<Mounted> all = new ArrayList<>();
        String carrier = "";
        List<String> frames = null;
        for (String line : dump.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            Matcher mounted = MOUNTED.matcher(line);
            Matcher frame = FRAME.matcher(line);
            if (header.matches()) {
                carrier = header.group(1);
                frames = null;
            } else if (mounted.matches()) {
                frames = new ArrayList<>();
                all.add(new Mounted(carrier, Long.parseLong(mounted.group(1)), frames));
            } else if (frames != null && frame.matches()) {
                frames.add(frame.group(1));
            }
        }
        return all;
    }
}

package dev.loomgate.loop.watch;

import java.util.List;
import java.util.function.UnaryOperator;

/// Threads that the work of several requests shares, as the watchdog sees them: where all are taken, what comes waits
/// for one.
public sealed interface SharedThreads permits RequestThreads, JdkCarriers, CommonPool {
    /// What has one of the threads.
    ///
    /// @param what the request that it belongs to, or its name
    /// @param frame where it is
    record Taker(String what, String frame) {
        @Override
        public String toString() {
            return what + ", at " + frame;
        }
    }

    /// What a message calls them.
    ///
    /// @param settingNames what it calls a setting
    String what(UnaryOperator<String> settingNames);

    /// Whether it is worth a probe to find out if all are taken. Cheap, and wakes none of them.
    boolean mayBeTaken();

    /// Has a probe run on one of them, as what comes would.
    void run(Runnable probe);

    /// What has the threads, as far as that can be seen. May take some hundred milliseconds.
    List<Taker> takers();

    /// What the operator can do, as a sentence without its full stop.
    String remedy(UnaryOperator<String> settingNames);
}

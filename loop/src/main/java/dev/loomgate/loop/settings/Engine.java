package dev.loomgate.loop.settings;

/// Where microthreads run. The loop does the I/O in each case.
public enum Engine {
    /// On the loop's own OS thread, one at a time: the default, and the cheapest. Needs `java.lang` opened to this
    /// module; where it isn't, [#VIRTUAL] takes its place, after one line in the log that says the flag.
    ///
    /// One that runs for long without a wait is left behind (`LoopGroup.Builder.handOver`): from then until its
    /// next wait, it runs beside the others.
    LOOP,
    /// On the JDK's scheduler for virtual threads: several microthreads of a loop may run at once.
    VIRTUAL,
    /// On a pool of platform threads: for code that pins or holds its thread.
    THREADS
}

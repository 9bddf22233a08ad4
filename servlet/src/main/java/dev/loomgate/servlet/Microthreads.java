package dev.loomgate.servlet;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import org.eclipse.jetty.util.thread.ThreadPool;

/// What Jetty has in place of a thread pool: a microthread for each task, on the loop of the one that asks. Off the
/// loops, as on Jetty's timer, it is a virtual thread of the JDK. Any thread.
final class Microthreads implements ThreadPool {
    @Override
    public void execute(Runnable task) {
        if (Microthread.isCurrent()) {
            Loop.current().start("servlet", task);
        } else {
            Thread.startVirtualThread(task);
        }
    }

    /// Nothing to wait for: the requests are the container's.
    @Override
    public void join() {}

    @Override
    public int getThreads() {
        return 0;
    }

    @Override
    public int getIdleThreads() {
        return 0;
    }

    @Override
    public boolean isLowOnThreads() {
        return false;
    }
}

package dev.loomgate.loop.timers;

/// Keeps timers and expires each when its time has come, whatever the loop side waits for meanwhile: a microthread
/// that sleeps with a lock in its hand must wake up, also when loop-side code waits for that lock.
public sealed interface TimerService permits TimerQueue, JdkTimers {
    /// Enters a timer that isn't in. Any thread.
    void add(ScheduledTimer timer);

    /// Takes a timer out, if it is in. Any thread.
    void cancel(ScheduledTimer timer);
}

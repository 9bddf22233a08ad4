package dev.loomgate.python.background;

import dev.loomgate.python.wire.FrameType;

/// What the processes have done that have had a number, one after the other. Loop side only.
final class TaskCounts {
    private int spawns;
    private long done;
    private long failed;

    void spawned() {
        spawns++;
    }

    /// A task is over.
    ///
    /// @param outcome the flags of IDLE
    void ended(int outcome) {
        if ((outcome & FrameType.TASK_DONE) != 0) {
            done++;
        } else if ((outcome & FrameType.TASK_FAILED) != 0) {
            failed++;
        }
    }

    /// The process has ended in the midst of a task.
    void cutOff() {
        failed++;
    }

    int spawns() {
        return spawns;
    }

    long done() {
        return done;
    }

    long failed() {
        return failed;
    }
}

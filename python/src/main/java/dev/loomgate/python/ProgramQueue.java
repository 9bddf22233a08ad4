package dev.loomgate.python;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A queue of a program's tasks in a [SharedStore]: what any server spools, the spoolers of all
/// servers run, at least once. A task's bytes are those of a spooler's file.
///
/// Calls wait. One that can't be made now throws an `IllegalStateException`, whose message is for the
/// program: what it asked for may have been done, or not.
public interface ProgramQueue {
    /// The priority of tasks that have none: they go last.
    int LAST = 9;

    /// Adds a task, whatever its size.
    ///
    /// @param priority 0 to [#LAST]; smaller ones go first
    /// @param at the time before which it doesn't run; null for none
    /// @return its id; null if the queue is full
    @Nullable
    String spool(byte[] content, int priority, @Nullable Instant at);

    /// The ids of the tasks that are in it, in pieces.
    ///
    /// @param from empty at first, then [Ids#next]
    Ids ids(String from);

    /// A piece of a list.
    ///
    /// @param next where the next one begins; empty at the end
    record Ids(List<String> ids, String next) {
        /// Copies the list.
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /// A task's bytes; null if there is none with that id, or a server has fetched it.
    byte @Nullable [] find(String id);

    /// How many tasks wait, also for their time, as far as is known. Throws nothing.
    long waiting();

    /// Begins to run tasks.
    ///
    /// @param most how many may run at once
    /// @param stopTime how long [Work#close] waits for what runs
    /// @param settingNames what messages call a setting of [SpoolPlace.Queue], by its name there
    /// @param run called by several threads, each with a task
    Work work(int most, Duration stopTime, UnaryOperator<String> settingNames, Run run);

    /// Runs a task.
    @FunctionalInterface
    interface Run {
        /// @throws InterruptedException if it is to be given back, at the end
        Outcome run(String id, byte[] content) throws InterruptedException;
    }

    /// What became of a task.
    sealed interface Outcome {
        /// It is done, and forgotten.
        record Done() implements Outcome {}

        /// It is tried again later, until it is given up.
        ///
        /// @param why in one line; empty if nobody says
        record Failed(String why) implements Outcome {}

        /// It is tried again, by any server, and that doesn't count.
        record Ignored() implements Outcome {}
    }

    /// What [#work] began.
    interface Work extends AutoCloseable {
        /// So many tasks may run at once from now on, none at the beginning. With 0, what isn't begun
        /// is given back. Doesn't wait.
        void workers(int count);

        /// Takes no more tasks, gives back what isn't begun, and waits for what runs; if it is
        /// interrupted meanwhile, no longer.
        @Override
        void close();
    }
}

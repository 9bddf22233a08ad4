package dev.loomgate.toolkit.spooler;

/// Runs tasks, in virtual threads, several at once: `uwsgi.spooler`.
///
/// A task is run at least once, and again if the server has died meanwhile, or Redis was gone for long.
/// So it should stand being run twice: [TaskRun#id] is the same each time.
@FunctionalInterface
public interface SpoolFunction {
    /// @return what becomes of the task
    /// @throws Exception counts as [SpoolResult#RETRY], and is logged; an InterruptedException while the
    /// spooler is being closed as [SpoolResult#IGNORE]
    SpoolResult run(TaskRun run) throws Exception;
}

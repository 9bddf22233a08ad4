package dev.loomgate.python.snapshot;

/// What workers have done so far.
///
/// @param requests that are answered; one that a worker has taken itself and handed over counts from then on
/// @param exceptions that a program has raised instead of an answer
/// @param overtimes requests whose time was over
/// @param sentBytes of heads and content, as programs gave them
/// @param runningNanos that the requests have taken together
public record WorkDone(long requests, long exceptions, long overtimes, long sentBytes, long runningNanos) {
    /// Nothing yet.
    public static final WorkDone NONE = new WorkDone(0, 0, 0, 0, 0);

    /// Both together.
    public WorkDone plus(WorkDone other) {
        return new WorkDone(
                requests + other.requests,
                exceptions + other.exceptions,
                overtimes + other.overtimes,
                sentBytes + other.sentBytes,
                runningNanos + other.runningNanos);
    }
}

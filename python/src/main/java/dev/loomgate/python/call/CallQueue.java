package dev.loomgate.python.call;

/// Where calls wait for a worker. Loop side only, unless a method says otherwise.
public interface CallQueue {
    /// Whether workers would have a request's header fields as they came, and not as variables. Any thread. A call may
    /// still get to a worker of the other kind, after a reload: each takes both.
    boolean takesFields();

    /// Enters a call; what becomes of it is delivered to it.
    void submit(Call call);

    /// Nobody wants the response any more, wherever the call is by now.
    ///
    /// @param overtime whether that is because its time is over
    void cancel(Call call, boolean overtime);
}

package dev.loomgate.python.call;

/// Where calls wait for a worker. Loop side only.
public interface CallQueue {
    /// Enters a call; what becomes of it is delivered to it.
    void submit(Call call);

    /// Nobody wants the response any more, wherever the call is by now.
    ///
    /// @param overtime whether that is because its time is over
    void cancel(Call call, boolean overtime);
}

package dev.loomgate.python.call;

/// The worker that a call has been given to, as the call sees it. Loop side only.
///
/// It is asked about calls that it has had, too: what is no longer running there is ignored.
public interface AssignedWorker {
    /// Sends another part of the request's body.
    void sendPart(Call call, Call.BodyPart part);

    /// More of the response may be sent.
    void credit(Call call, int bytes);

    /// Nobody wants the response any more. If that is because its time is over, a worker that doesn't let go of it
    /// is replaced.
    void cancel(Call call, boolean overtime);

    /// The response, if it has begun, is to end soon.
    void askToEnd(Call call);

    /// The file that it keeps open for the call isn't needed any more.
    void fileSent(Call call);

    /// The connection of its WebSocket, which it has asked for.
    ///
    /// @param descriptor stays the server's
    /// @return false if there is no way to pass it
    boolean lend(Call call, int descriptor);

    /// It can't have that.
    ///
    /// @param forNow it may ask again
    void refuse(Call call, boolean forNow);

    /// It is to give that back.
    void reclaim(Call call);

    /// The program has given more of a response than its Content-Length says.
    void bodyTooLong(Call call);
}

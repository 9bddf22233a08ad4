package dev.loomgate.python.call;

import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.python.states.CallEvent;
import dev.loomgate.python.states.CallState;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request on its way through a worker; what comes of it is in its [Mailbox].
///
/// It alone writes where it is in its life ([CallState]): the queue and the worker tell it what happens.
public final class Call extends Mailbox {
    private static final byte[] NO_BODY = {};

    private final String method;
    private final String target;
    private final MarshalWriter environ;
    private final byte[] body;
    private final boolean bodyComplete;
    private final BodyWindow window;

    // Set before it is submitted.
    private boolean offersWebSocket;
    private boolean takesEarlyHints;
    private boolean takesTrailers;
    private boolean takesRoute;
    private boolean hasFields;
    private @Nullable LogId logId;

    // Written by the microthread that has it, for the loop side, which may see it late.
    private volatile @Nullable Object subject;

    // Loop side only.
    private CallState state = CallState.WAITING;
    private @Nullable AssignedWorker worker;
    private int id;
    private int place;
    private long sinceNanos;
    private boolean cancelled;
    private boolean overtime;
    private boolean withdrawn;
    private boolean timed;
    private int lastLimit;
    /// Further parts of the body, kept until the worker has begun to read them, so that another one can get them.
    private @Nullable List<BodyPart> parts;

    /// @param bytes null at the end
    public record BodyPart(
            byte @Nullable [] bytes, @Nullable String failure) {}

    /// @param body the body's beginning
    /// @param bodyComplete whether that is all of it
    Call(
            Loop home,
            Spool limits,
            String method,
            String target,
            MarshalWriter environ,
            byte[] body,
            boolean bodyComplete,
            BodyWindow window) {
        super(home, limits);
        this.method = method;
        this.target = target;
        this.environ = environ;
        this.body = body;
        this.bodyComplete = bodyComplete;
        this.window = window;
    }

    /// A request that a worker has begun by itself: it isn't sent to any.
    ///
    /// @param target as logs show it
    public static Call begunByWorker(Loop home, Spool limits, String method, String target) {
        return new Call(home, limits, method, target, new MarshalWriter(1), NO_BODY, true, new BodyWindow(0));
    }

    public String method() {
        return method;
    }

    /// As logs show it.
    public String target() {
        return target;
    }

    /// Empty for one that a worker has begun by itself.
    public MarshalWriter environ() {
        return environ;
    }

    /// The body's beginning, which is sent with the request.
    public byte[] body() {
        return body;
    }

    /// Whether the body's beginning is all of it.
    public boolean isBodyComplete() {
        return bodyComplete;
    }

    /// A microthread has it from now on.
    ///
    /// @param itsSubject what that was started for
    void servedFor(Object itsSubject) {
        subject = itsSubject;
    }

    /// What the microthread was started for that has it; null where there is none. Any thread.
    public @Nullable Object subject() {
        return subject;
    }

    /// The request asks for a WebSocket, and can have one. Before it is submitted.
    void offerWebSocket() {
        offersWebSocket = true;
    }

    public boolean offersWebSocket() {
        return offersWebSocket;
    }

    /// The client takes links ahead of the response. Before it is submitted.
    void takeEarlyHints() {
        takesEarlyHints = true;
    }

    public boolean takesEarlyHints() {
        return takesEarlyHints;
    }

    /// The client takes fields after the content. Before it is submitted.
    void takeTrailers() {
        takesTrailers = true;
    }

    public boolean takesTrailers() {
        return takesTrailers;
    }

    /// Somebody wants to know by which template it is routed. Before it is submitted.
    void takeRoute() {
        takesRoute = true;
    }

    public boolean takesRoute() {
        return takesRoute;
    }

    /// What names it in the log. Before it is submitted, or begun.
    public void named(@Nullable LogId itsId) {
        logId = itsId;
    }

    /// What [#named] was given: for records of the log that are of this request.
    public @Nullable LogId logId() {
        return logId;
    }

    /// Its environ has the header fields apart. Before it is submitted.
    void haveFields() {
        hasFields = true;
    }

    public boolean hasFields() {
        return hasFields;
    }

    public BodyWindow window() {
        return window;
    }

    // ---- its life: loop side, told by the queue and the worker

    /// Its number in the worker that it has been given to last.
    public int id() {
        return id;
    }

    /// Whether nothing more comes from a worker: its last frame is there, or it is lost, or it never got to one.
    public boolean isOver() {
        return state.isOver();
    }

    /// Whether the program runs it, or has.
    public boolean isBegun() {
        return state == CallState.BEGUN || state.isOver();
    }

    /// It is sent to a worker.
    public void given(AssignedWorker to, int itsId) {
        state = state.after(CallEvent.GIVEN);
        worker = to;
        id = itsId;
    }

    /// Sends the parts of the body that have come already, after the request itself.
    public void sendParts() {
        if (worker != null && parts != null) {
            for (BodyPart part : parts) {
                worker.sendPart(this, part);
            }
        }
    }

    /// The worker has begun: no other one will get the request.
    public void begun() {
        state = state.after(CallEvent.BEGUN);
        parts = null;
    }

    /// The worker has given it back, or died, without having begun it. It is told if nobody wants it any more.
    ///
    /// @return whether another worker is to get it
    public boolean recalled() {
        state = state.after(CallEvent.RECALLED);
        worker = null;
        if (cancelled) {
            dropped();
        }
        return !cancelled;
    }

    /// Its last frame has come.
    public void ended() {
        state = state.after(CallEvent.ENDED);
    }

    /// Its last frame has come, and names a file that the worker keeps open.
    public void fileLent() {
        state = state.after(CallEvent.FILE_LENT);
    }

    /// The file isn't needed any more.
    ///
    /// @return false if there is none
    public boolean fileSent() {
        if (state != CallState.LENT) {
            return false;
        }
        state = state.after(CallEvent.FILE_SENT);
        return true;
    }

    /// The worker died while the program ran it.
    ///
    /// @param how the worker's process ended
    public void lost(String how) {
        state = state.after(CallEvent.LOST);
        worker = null;
        deliver(new Reply.Lost(how));
    }

    /// There is no program to answer it.
    public void refused(String why) {
        state = state.after(CallEvent.REFUSED);
        deliver(new Reply.Unavailable(why));
    }

    /// It is cancelled while no worker has it.
    public void dropped() {
        state = state.after(CallEvent.DROPPED);
        deliver(new Reply.Cancelled());
    }

    // ---- what is true of it beside: loop side

    /// When it was given to its worker, or began there, in `System.nanoTime()`'s terms.
    public long sinceNanos() {
        return sinceNanos;
    }

    public void since(long nanos) {
        sinceNanos = nanos;
    }

    /// Which place it has in its worker.
    public int place() {
        return place;
    }

    public void takes(int itsPlace) {
        place = itsPlace;
    }

    /// The worker that has it, or has had it.
    public @Nullable AssignedWorker worker() {
        return worker;
    }

    /// Nobody wants the response any more.
    ///
    /// @return false if that was known
    public boolean cancel() {
        boolean first = !cancelled;
        cancelled = true;
        return first;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Its time is over, and the worker has to let go of it.
    ///
    /// @return false if that was known
    public boolean expire() {
        boolean first = !overtime;
        overtime = true;
        return first;
    }

    /// An operator wants it to end.
    public void withdraw() {
        cancel();
        withdrawn = true;
    }

    /// What the microthread is told when the program has let go of a cancelled call: why it was cancelled.
    public Reply endedEarly() {
        return withdrawn ? new Reply.Withdrawn() : new Reply.Cancelled();
    }

    /// From now on its time in the worker is looked after here, since its client is slow.
    ///
    /// @return false if it was before
    public boolean beginTiming() {
        boolean first = !timed;
        timed = true;
        return first;
    }

    public void endTiming() {
        timed = false;
    }

    /// The program sets the request a limit of its own, in place of the one that it has set before.
    ///
    /// @return the limit's number
    public int newLimit() {
        return ++lastLimit;
    }

    /// Whether the call still runs under this limit.
    public boolean isUnder(int limit) {
        return lastLimit == limit && !isOver();
    }

    // ---- what its microthread asks for: loop side

    /// Another part of the body has come.
    void addPart(BodyPart part) {
        if (isOver()) {
            return;
        }
        if (state != CallState.BEGUN) {
            if (parts == null) {
                parts = new ArrayList<>();
            }
            parts.add(part);
        }
        if (worker != null) {
            worker.sendPart(this, part);
        }
    }

    /// Some of the response has been passed on: the worker may send as much again.
    void credit(int bytes) {
        if (worker != null) {
            worker.credit(this, bytes);
        }
    }

    /// The server would have the response end.
    void askToEnd() {
        if (worker != null) {
            worker.askToEnd(this);
        }
    }

    /// The connection of its WebSocket, which the worker has asked for.
    ///
    /// @return false if there is no way to pass it
    boolean lend(int descriptor) {
        return worker == null || worker.lend(this, descriptor);
    }

    /// The worker can't have that.
    void refuse(boolean forNow) {
        if (worker != null) {
            worker.refuse(this, forNow);
        }
    }

    /// The worker is to give it back.
    void reclaim() {
        if (worker != null) {
            worker.reclaim(this);
        }
    }

    /// The response is longer than its Content-Length says.
    void bodyTooLong() {
        if (worker != null) {
            worker.bodyTooLong(this);
        }
    }

    /// The file that the worker keeps open for it, if it does, isn't needed any more.
    void giveFileBack() {
        if (worker != null) {
            worker.fileSent(this);
        }
    }

    /// The request as logs show it: `GET /user?name=Bob`.
    @Override
    public String toString() {
        return Quoting.printable(method + " " + target);
    }
}

package dev.loomgate.python.workers;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request on its way through a worker; what comes of it is in its [Mailbox].
final class Call extends Mailbox {
    private final String method;
    private final String target;
    final MarshalWriter environ;
    final byte[] body;
    final boolean bodyComplete;

    // Loop side only.
    @Nullable
    Worker worker;

    int id;
    /// Nothing more comes from a worker: its last frame is there, or it is lost, or it never got to one.
    boolean over;
    /// Nobody wants the answer any more; the worker has been told.
    boolean cancelled;
    /// Its time is over, and the worker has to let go of it.
    boolean overtime;
    /// Its time in the worker is looked after here, since its client is slow.
    boolean timed;
    /// The worker keeps a file open for it.
    boolean fileLent;
    /// Counts the limits that the program itself has set.
    int harakiriVersion;
    /// Further parts of the body, kept until the worker has begun to read them, so that another one can get them.
    private @Nullable List<BodyPart> parts;
    private boolean partsNeeded = true;
    final BodyWindow window;

    /// @param bytes null at the end
    record BodyPart(byte @Nullable [] bytes, @Nullable String failure) {}

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

    // ---- loop side

    /// Another part of the body has come.
    void addPart(BodyPart part) {
        if (partsNeeded) {
            if (parts == null) {
                parts = new ArrayList<>();
            }
            parts.add(part);
        }
        if (worker != null) {
            worker.sendPart(this, part);
        }
    }

    /// Sends the parts that have come already, after the request itself.
    void sendParts(Worker to) {
        if (parts != null) {
            parts.forEach(part -> to.sendPart(this, part));
        }
    }

    /// The worker has begun: no other one will get the request.
    void begun() {
        partsNeeded = false;
        parts = null;
    }

    /// The request as logs show it: `GET /user?name=Bob`.
    @Override
    public String toString() {
        return Quoting.printable(method + " " + target);
    }
}

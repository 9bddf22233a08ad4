package dev.loomgate.python.call;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.loop.Loop;
import java.util.Optional;

/// A request that a worker has begun by itself, as the server sees it: its call is answered like any other.
public final class BegunCall implements BegunRequest {
    private final Loop home;
    private final CallQueue queue;
    private final Call call;
    private final long begunNanos;

    /// @param queue which is told if nobody wants the response
    /// @param begunNanos on the clock of `System.nanoTime`
    public BegunCall(Loop home, CallQueue queue, Call call, long begunNanos) {
        this.home = home;
        this.queue = queue;
        this.call = call;
        this.begunNanos = begunNanos;
    }

    @Override
    public long begunNanos() {
        return begunNanos;
    }

    @Override
    public Optional<LogId> requestId() {
        return Optional.ofNullable(call.logId());
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return new Conversation(home, queue, environ, call).answer(startResponse);
    }

    @Override
    public void unwanted() {
        call.close();
        Conversation.letGo(home, queue, call, false);
    }

    @Override
    public String toString() {
        return call.toString();
    }
}

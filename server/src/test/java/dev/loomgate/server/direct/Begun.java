package dev.loomgate.server.direct;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.BegunRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A request that a process has begun: what it answers is given, and what becomes of it is counted.
final class Begun implements BegunRequest {
    private final Application answer;
    private final long begunNanos;
    private Optional<LogId> requestId = Optional.empty();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger unwanted = new AtomicInteger();

    Begun(Application answer) {
        this(answer, Duration.ZERO);
    }

    /// @param ago when it began
    Begun(Application answer, Duration ago) {
        this.answer = answer;
        this.begunNanos = System.nanoTime() - ago.toNanos();
    }

    @Override
    public long begunNanos() {
        return begunNanos;
    }

    /// The process has given it this id.
    Begun named(String id) {
        requestId = Optional.of(new LogId(id));
        return this;
    }

    @Override
    public Optional<LogId> requestId() {
        return requestId;
    }

    @Override
    public void unwanted() {
        unwanted.incrementAndGet();
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        calls.incrementAndGet();
        return answer.call(environ, startResponse);
    }
}

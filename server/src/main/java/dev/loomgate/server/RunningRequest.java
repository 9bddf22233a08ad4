package dev.loomgate.server;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.watch.LiveMicrothread;
import dev.loomgate.server.exchange.Exchange;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A request that ran when it was looked for. Any thread; texts are made when they are asked for.
public final class RunningRequest {
    private final long id;
    private final Loop loop;
    private final LiveMicrothread microthread;
    private final Exchange exchange;

    RunningRequest(long id, Loop loop, LiveMicrothread microthread, Exchange exchange) {
        this.id = id;
        this.loop = loop;
        this.microthread = microthread;
        this.exchange = exchange;
    }

    /// Its number, from 1 on, which no other request of this server has.
    public long id() {
        return id;
    }

    /// What its microthread was started for, by whose identity others can tell that they have to do with
    /// it.
    public Object subject() {
        return exchange;
    }

    /// Since its microthread was started.
    public Duration age() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - microthread.startedNanos()));
    }

    /// When its microthread was started, in `System.nanoTime()`'s terms.
    public long startedNanos() {
        return microthread.startedNanos();
    }

    /// As it came.
    public String method() {
        return text("REQUEST_METHOD", "?");
    }

    /// As it came, with its query: text from outside.
    public String target() {
        return text("REQUEST_URI", "?");
    }

    /// The client's address, as the connection or a trusted proxy says it; empty where there is none.
    public String client() {
        return text("REMOTE_ADDR", "");
    }

    private String text(String name, String otherwise) {
        Object value = exchange.variables().get(name);
        return value == null ? otherwise : value.toString();
    }

    /// What `X-Request-ID` says, or what was made for it.
    public String requestId() {
        return exchange.requestId();
    }

    /// Its request line, as logs show it: `GET /user?name=Bob`.
    public String line() {
        return exchange.toString();
    }

    /// What its microthread does now, in a word or two: `running`, `sleeping`, `waiting`.
    public String state() {
        return microthread.state();
    }

    /// The loop that runs it: `loomgate-loop-0`.
    public String loop() {
        return loop.toString();
    }

    // Empty before it has run.
    String stack() {
        Thread thread = microthread.thread();
        StringBuilder text = new StringBuilder();
        if (thread != null) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }

    /// Ends it as a passed deadline does: its microthread is interrupted, its client gets a 504 unless the
    /// response has begun, which then breaks off. A line in the log says so, also if it ends by itself
    /// meanwhile. Doesn't wait.
    ///
    /// @param why for the log
    /// @return false if its loop has ended
    public boolean cancel(String why) {
        try {
            loop.side().execute(() -> exchange.cancel(why));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    // An exchange has further microthreads, which tell the application of what happens to it.
    static @Nullable Exchange of(LiveMicrothread microthread) {
        return microthread.subject() instanceof Exchange exchange && exchange.isCalledIn(microthread) ? exchange : null;
    }
}

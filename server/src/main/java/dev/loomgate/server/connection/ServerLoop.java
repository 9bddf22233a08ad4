package dev.loomgate.server.connection;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.server.call.Calls;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.head.DateField;
import dev.loomgate.server.observe.LimitCounts;
import dev.loomgate.server.observe.RequestObserver;
import dev.loomgate.server.observe.RequestOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One loop's share of the server: its connections, its running requests, and the limits on both. Loop side only,
/// except where a method says otherwise.
public final class ServerLoop {
    private final Loop loop;
    private final Calls calls;
    private final ServerOptions options;
    private final Runnable roomAgain;
    private final RequestObserver[] observers;
    private final ResponseSender responses = new ResponseSender();
    private final FlushQueue flushes;
    private final Interruptions interruptions = new Interruptions();
    private final ClientFaults clientFaults = new ClientFaults();
    private final DateField date = new DateField();
    private final LimitCounts limits = new LimitCounts();
    private final LoopLag lag;

    private final long tickNanos;
    private final long requestTimeoutNanos;
    private long lastTick = System.nanoTime();
    private long now;
    private @Nullable Timer timer;

    private @Nullable Connection first;
    private final AtomicInteger connections = new AtomicInteger();
    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    private final AtomicInteger running = new AtomicInteger(); // written by the loop side alone
    private long lastNumber;
    private volatile boolean microthreadsFull;
    private volatile int elsewhere;
    private volatile boolean draining;
    private volatile boolean stopping;
    private long drainEndNanos; // written before draining
    private boolean ending; // loop side only

    /// @param observers told of each request of this loop
    /// @param roomAgain called when this loop can take connections again; any thread must be able to run it
    public ServerLoop(
            Loop loop, Calls calls, ServerOptions options, List<RequestObserver> observers, Runnable roomAgain) {
        this.loop = loop;
        this.calls = calls;
        this.options = options;
        this.observers = observers.toArray(RequestObserver[]::new);
        this.roomAgain = roomAgain;
        this.flushes = new FlushQueue(FlushQueue.Turns.of(loop.side()));
        this.requestTimeoutNanos = options.limits().requestTimeout().toNanos();
        this.tickNanos = Stream.of(ListenAddress.Protocol.values())
                .mapToLong(protocol -> tickNanos(options.limits(protocol), options.webSockets()))
                .min()
                .orElseThrow();
        this.lag = new LoopLag(tickNanos);
    }

    // Deadlines are looked at once a tick: no timer is started or cancelled for a request.
    private static long tickNanos(Limits limits, WebSocketOptions sockets) {
        long shortest =
                Math.min(limits.headerTimeout().toNanos(), limits.bodyTimeout().toNanos());
        shortest = Math.min(shortest, limits.idleTimeout().toNanos());
        shortest = Math.min(shortest, limits.writeTimeout().toNanos());
        if (limits.minBytesPerSecond() > 0) {
            shortest = Math.min(shortest, limits.minRateTime().toNanos());
        }
        shortest = Math.min(shortest, limits.halfClosedTimeout().toNanos());
        if (!limits.requestTimeout().isZero()) {
            shortest = Math.min(shortest, limits.requestTimeout().toNanos());
        }
        if (!sockets.pingInterval().isZero()) {
            shortest = Math.min(shortest, sockets.pingInterval().toNanos());
            shortest = Math.min(shortest, sockets.pongTolerance().toNanos());
        }
        shortest = Math.min(shortest, sockets.closeTimeout().toNanos());
        return Math.clamp(shortest / 8, 5_000_000L, 250_000_000L);
    }

    /// Begins to look at deadlines. Any thread, before the first connection.
    public void start() {
        // A deadline isn't over while what would have moved it waits in the kernel: so it is looked at after the turn's
        // I/O.
        lag.begin(System.nanoTime());
        timer = loop.side()
                .every(Duration.ofNanos(tickNanos), () -> loop.side().io().execute(this::tick));
    }

    private void tick() {
        // When the loop was held up, clients have had no chance to be heard: the clock of the deadlines stood still.
        long tick = System.nanoTime();
        lag.tick(tick);
        long passed = Math.min(tick - lastTick, 2 * tickNanos);
        now += passed;
        lastTick = tick;
        date.update(System.currentTimeMillis());
        Connection connection = first;
        while (connection != null) {
            Connection following = connection.next; // the sweep may close and unlink it
            connection.sweep(now, passed);
            connection = following;
        }
        clientFaults.tick(now);
        flushObservers();
    }

    private void flushObservers() {
        for (RequestObserver observer : observers) {
            observer.flush();
        }
    }

    /// How late it was at most, of late. Any thread.
    public Duration lag() {
        return lag.recent(System.nanoTime());
    }

    /// How many times each limit has bitten here. Any thread.
    public LimitCounts limits() {
        return limits;
    }

    /// A limit has bitten: it is counted. Any thread.
    ///
    /// @param setting that says the limit
    /// @return what messages call it
    public String bitten(String setting) {
        limits.bit(setting);
        return options.nameOf(setting);
    }

    // ---- what connections need

    public Loop loop() {
        return loop;
    }

    public ServerOptions options() {
        return options;
    }

    ResponseSender responses() {
        return responses;
    }

    ClientFaults clientFaults() {
        return clientFaults;
    }

    FlushQueue flushes() {
        return flushes;
    }

    /// The line `Date: ...` of this second.
    public byte[] date() {
        return date.line();
    }

    /// The date of this second, as a field has it.
    public String dateText() {
        return date.text();
    }

    long requestTimeoutNanos() {
        return requestTimeoutNanos;
    }

    /// The moment after that many nanoseconds, on the clock of the deadlines. That one moves once a tick, so a
    /// tick is added: a deadline is never too early.
    public long deadlineIn(long nanos) {
        return now + tickNanos + nanos;
    }

    /// Whether the server drains, or stops: connections end with their current request. Any thread.
    public boolean isDraining() {
        return draining;
    }

    /// Whether the server stops: it drains, and what comes now was on its way. Any thread.
    public boolean isStopping() {
        return stopping;
    }

    // ---- connections

    /// Reserves a place for a connection, which [#closed] gives back. Any thread.
    ///
    /// @return false if this loop has its fill of connections or microthreads
    public boolean reserve() {
        if (microthreadsFull) {
            return false;
        }
        if (connections.getAndIncrement() >= mostConnections()) {
            connections.getAndDecrement();
            return false;
        }
        return true;
    }

    /// Reserves a place for a connection that can't be refused any more. Any thread.
    public void reserveBeyondLimit() {
        connections.getAndIncrement();
    }

    /// Whether [#reserve] would return true now. Any thread.
    public boolean hasRoom() {
        return !microthreadsFull && connections.get() < mostConnections();
    }

    private int mostConnections() {
        return options.limits().maxConnections() - elsewhere;
    }

    /// So many connections that the application's processes have count as this loop's. Any thread.
    public void connectionsElsewhere(int count) {
        elsewhere = count;
    }

    /// The limit for which [#hasRoom] is false. Any thread.
    public String fullBy() {
        return microthreadsFull ? "maxMicrothreads" : "maxConnections";
    }

    /// Gives back a place that no connection has taken. Any thread.
    public void release() {
        if (connections.getAndDecrement() >= mostConnections()) {
            roomAgain.run();
        }
    }

    /// The number of connections. Any thread.
    public int connections() {
        return connections.get();
    }

    void opened(Connection connection) {
        Connection second = first;
        connection.next = second;
        if (second != null) {
            second.previous = connection;
        }
        first = connection;
        if (ending) {
            connection.closeNow();
        } else if (stopping) {
            connection.drain();
        }
    }

    void closed(Connection connection) {
        left(connection);
        release();
    }

    /// Another connection takes its place.
    void left(Connection connection) {
        Connection before = connection.previous;
        Connection after = connection.next;
        if (before != null) {
            before.next = after;
        } else if (first == connection) {
            first = after;
        }
        if (after != null) {
            after.previous = before;
        }
    }

    // ---- requests

    /// Whether anybody wants to know how long requests take.
    boolean isObserved() {
        return observers.length > 0;
    }

    void begin(Exchange exchange) {
        for (RequestObserver observer : observers) {
            observer.begun(exchange);
        }
        // What runs already doesn't wait: those before it in the queue may wait for the process that it holds.
        if (running.getPlain() < options.limits().maxMicrothreads() || exchange.begunRequest() != null) {
            run(exchange);
        } else {
            waiting.add(exchange);
        }
    }

    private void run(Exchange exchange) {
        int now = running.getPlain() + 1;
        running.setOpaque(now);
        if (now >= options.limits().maxMicrothreads()) {
            microthreadsFull = true;
        }
        exchange.numbered(++lastNumber);
        exchange.begun(loop.start(exchange, calls.call(exchange)));
    }

    /// The microthread of a request has ended.
    void callIsOver() {
        int now = running.getPlain() - 1;
        running.setOpaque(now);
        if (now >= options.limits().maxMicrothreads()) {
            return; // there were more, of those that didn't wait
        }
        Exchange next = waiting.poll();
        while (next != null && next.isGone()) {
            next = waiting.poll();
        }
        if (next != null) {
            run(next);
        } else if (microthreadsFull) {
            microthreadsFull = false;
            roomAgain.run();
        }
    }

    /// The response has been written, or never will be.
    void finished(Exchange exchange, RequestOutcome outcome) {
        for (RequestObserver observer : observers) {
            observer.finished(exchange, outcome);
        }
    }

    /// A process has answered a request without the server in between: observers are told. Any thread.
    ///
    /// @param request makes what they see of it, on the loop side; null if there is nothing to be seen
    /// @param details what the process has told more of; null if it has not
    public void answeredElsewhere(
            Supplier<@Nullable ObservedRequest> request,
            int status,
            long contentBytes,
            long nanos,
            @Nullable AnswerDetails details) {
        if (isObserved()) {
            loop.side().execute(() -> {
                ObservedRequest seen = request.get();
                if (seen != null) {
                    observe(seen, new AnsweredElsewhere(status, contentBytes, nanos, details));
                }
            });
        }
    }

    /// Tells observers of a request at its end.
    void observe(ObservedRequest request, RequestOutcome outcome) {
        for (RequestObserver observer : observers) {
            observer.begun(request);
            observer.finished(request, outcome);
        }
    }

    /// Interrupts a request, and logs where it was.
    void interrupt(Exchange exchange) {
        interruptions.interrupt(exchange);
    }

    // ---- the end

    /// The number of requests whose microthreads have begun and not ended. Any thread.
    public int running() {
        return running.getOpaque();
    }

    /// The server stops: as [#drain], and connections that are still accepted have to bring their request soon. Any
    /// thread.
    ///
    /// @param time that requests get
    public void beginStop(Duration time) {
        stopping = true;
        drain(time);
    }

    /// Ends what [#drain] has begun, unless the server stops; what has been told stays told. Not while another thread
    /// calls [#beginStop].
    public void endDrain() {
        draining = stopping;
    }

    /// From now on connections end with their current request; those without one end soon, those that come later with
    /// their first. Requests are told, now or when they begin. Any thread.
    ///
    /// @param time that requests get
    public void drain(Duration time) {
        drainEndNanos = System.nanoTime() + time.toNanos();
        draining = true;
        loop.side()
                .execute(() -> forEach(connection -> {
                    connection.drain();
                    connection.forEachRequest(SingleExchange::tellOfStop);
                }));
    }

    /// What is left of the time that requests get at the stop. While it drains.
    Duration drainTimeLeft() {
        return Duration.ofNanos(Math.max(0, drainEndNanos - System.nanoTime()));
    }

    /// Interrupts every request. Any thread.
    public void interruptAll() {
        loop.side().execute(() -> forEach(connection -> connection.forEachRequest(SingleExchange::interrupt)));
    }

    /// Closes every connection, and those that are still opened then. Any thread.
    public void closeAll() {
        loop.side().execute(() -> {
            ending = true;
            forEach(Connection::closeNow);
        });
    }

    /// Ends the looking at deadlines, and flushes what observers have gathered. Any thread.
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
        if (isObserved()) {
            loop.side().execute(this::flushObservers);
        }
    }

    private void forEach(java.util.function.Consumer<Connection> action) {
        Connection connection = first;
        while (connection != null) {
            Connection following = connection.next;
            action.accept(connection);
            connection = following;
        }
    }
}

package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.Timer;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.zygote.DirectBoot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What all workers share that take connections themselves: the listening sockets, and the watch over what they run.
/// Loop side only, where nothing else is said.
public final class DirectMode {
    /// The server is told who takes connections so often at least.
    private static final long TELL_NANOS = WatchRules.HELD_UP_NANOS;

    private final List<SharedSocket> sockets;
    private final DirectLimits limits;
    private final int asgiRequests;
    private final WatchRules rules;
    private volatile boolean counts;
    private volatile @Nullable HomeLoop home;
    private volatile boolean stopped;
    private volatile boolean serverIsFull;
    private volatile boolean queuesInServer;
    private volatile boolean callsByWsgi;

    // Both guarded by this.
    private final List<DirectWorker> workers = new ArrayList<>();
    private long acceptedByDead;
    private final DirectTotals measuredByDead = new DirectTotals();

    private @Nullable Timer timer;
    private Takers told = Takers.NONE;
    private boolean toldOfAsgi;
    private long toldNanos;
    private Runnable afterLook = () -> {};
    private boolean looksSoon;

    /// @param grace for a request to end whose time is over, before its worker is replaced
    /// @param asgiRequests that a worker of an ASGI application runs at once
    public DirectMode(List<SharedSocket> sockets, DirectLimits limits, Duration grace, int asgiRequests) {
        this.sockets = List.copyOf(sockets);
        this.limits = limits;
        this.asgiRequests = asgiRequests;
        this.rules = new WatchRules(limits.requestTimeout(), grace);
    }

    // ---- what is shared: any thread

    List<SharedSocket> sockets() {
        return sockets;
    }

    /// The descriptors of the listening sockets.
    List<Integer> listening() {
        return sockets.stream().map(SharedSocket::descriptor).toList();
    }

    /// Has the workers count bytes and times of what they answer themselves. Before the start.
    public void countWork() {
        counts = true;
    }

    /// Whether workers tell more of a request than that it is answered.
    boolean tellsDetails() {
        return limits.details();
    }

    /// What a zygote is told.
    public DirectBoot boot() {
        return new DirectBoot(
                sockets.size(),
                limits.maxHeaderBytes(),
                limits.maxHeaderCount(),
                limits.maxBodyBytes(),
                limits.records(),
                limits.details(),
                counts,
                limits.durationBounds(),
                limits.keptPaths(),
                http());
    }

    private DirectBoot.@Nullable Http http() {
        List<Integer> numbers = IntStream.range(0, sockets.size())
                .filter(number -> sockets.get(number).speaksHttp())
                .boxed()
                .toList();
        return numbers.isEmpty() ? null : new DirectBoot.Http(numbers, asgiRequests, limits.http());
    }

    /// Whether there is a socket for workers of such a program: of HTTP for ASGI, of uwsgi for WSGI.
    boolean hasSocketFor(boolean asgi) {
        return sockets.stream().anyMatch(socket -> socket.speaksHttp() == asgi);
    }

    void callsByWsgi() {
        callsByWsgi = true;
    }

    /// Whether a worker has begun to serve whose program is called by WSGI: no connections of HTTP are for it.
    public boolean isCalledByWsgi() {
        return callsByWsgi;
    }

    // ---- what the server asks: any thread

    /// Requests that workers run, and the JVM doesn't know.
    public int requests() {
        return all().stream().mapToInt(DirectWorker::inFlight).sum();
    }

    /// Connections of HTTP that workers have.
    public int connections() {
        return all().stream().mapToInt(DirectWorker::connections).sum();
    }

    /// Requests that workers have begun by themselves so far, those that have died since among them.
    public synchronized long accepted() {
        return acceptedByDead
                + workers.stream().mapToLong(worker -> worker.read().begun()).sum();
    }

    /// What workers have answered by themselves so far, those that have died since among them.
    public synchronized List<DirectSeries> measured() {
        DirectTotals all = new DirectTotals();
        all.add(measuredByDead.series());
        workers.forEach(worker -> all.add(worker.measured()));
        return all.series();
    }

    /// The workers take no further connections, and hand over what they run.
    public void stop() {
        stopped = true;
        HomeLoop at = home;
        if (at != null) {
            at.execute(() -> all().forEach(DirectWorker::giveUp));
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /// The workers take connections only while the server has room for what they hand over.
    public void serverHasRoom(boolean room) {
        serverIsFull = !room;
        HomeLoop at = home;
        if (at != null) {
            at.execute(() -> all().forEach(DirectWorker::takeOrNot));
        }
    }

    boolean serverIsFull() {
        return serverIsFull;
    }

    /// Whether the server accepts while all workers are busy, so that requests don't wait in the kernel's queue.
    public void queueInServer(boolean wanted) {
        if (queuesInServer != wanted) {
            queuesInServer = wanted;
            changed();
        }
    }

    // ---- its workers

    synchronized void add(DirectWorker worker) {
        workers.add(worker);
    }

    void remove(DirectWorker worker) {
        synchronized (this) {
            if (workers.remove(worker)) {
                acceptedByDead += worker.read().begun();
                measuredByDead.add(worker.measured());
            }
        }
        changed();
    }

    private synchronized List<DirectWorker> all() {
        return List.copyOf(workers);
    }

    // ---- the watch

    /// Watches the workers from now on. Any thread; called once.
    public void start(HomeLoop loop) {
        home = loop;
        loop.execute(() -> timer = loop.loop().side().every(rules.period(), this::look));
    }

    /// Ends the watch. Any thread.
    public void end() {
        HomeLoop at = home;
        if (at != null) {
            at.execute(() -> {
                if (timer != null) {
                    timer.cancel();
                }
                tell(Takers.NONE, toldOfAsgi, System.nanoTime());
            });
        }
    }

    /// Other workers than before take connections: the server is told so in this turn.
    void changed() {
        HomeLoop at = home;
        if (at != null && !looksSoon) {
            looksSoon = true;
            at.execute(() -> {
                looksSoon = false;
                look();
            });
        }
    }

    /// Has this run some times a second, too. Before the start.
    public void afterEachLook(Runnable task) {
        afterLook = task;
    }

    private void look() {
        long now = System.nanoTime();
        List<DirectWorker> watched = all();
        List<WatchRules.Seen> seen =
                watched.stream().map(worker -> worker.look(now)).toList();
        List<WatchRules.Seen> takers = new ArrayList<>();
        for (int i = 0; i < watched.size(); i++) {
            if (watched.get(i).takes()) {
                takers.add(seen.get(i));
            }
        }
        Takers who = rules.takers(takers);
        boolean asgi = watched.stream().anyMatch(DirectWorker::takesHttp);
        tell(who == Takers.BUSY && queuesInServer ? Takers.NONE : who, asgi, now);
        boolean allHeldUp = !takers.isEmpty() && who == Takers.NONE;
        for (int i = 0; i < watched.size(); i++) {
            watched.get(i).act(rules.handOver(seen.get(i), stopped, allHeldUp), rules.isStuck(seen.get(i)));
        }
        afterLook.run();
    }

    // Workers of ASGI take connections of HTTP alone, and others those of uwsgi.
    private void tell(Takers takers, boolean asgi, long nowNanos) {
        if (takers != told || asgi != toldOfAsgi || nowNanos - toldNanos >= TELL_NANOS) {
            told = takers;
            toldOfAsgi = asgi;
            toldNanos = nowNanos;
            sockets.forEach(socket -> socket.takenBy(socket.speaksHttp() == asgi ? takers : Takers.NONE));
        }
    }
}

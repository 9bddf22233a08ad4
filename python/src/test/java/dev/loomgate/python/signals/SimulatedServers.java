package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.CronRule;
import dev.loomgate.python.ProgramRuns;
import dev.loomgate.python.SharedJob;
import dev.loomgate.python.SharedRunOptions;
import dev.loomgate.python.SignalSources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Servers with one program each, a store, and a clock that goes on when it is told to: by one thread.
final class SimulatedServers {
    /// A handler that has been run.
    record Run(int server, int signal, Instant time) {}

    private record Planned(Instant time, long order, Runnable task) {}

    final Map<String, Object> claims = new HashMap<>();
    final List<Run> runs = new ArrayList<>();
    boolean isGone;

    private final PriorityQueue<Planned> planned =
            new PriorityQueue<>(Comparator.comparing(Planned::time).thenComparing(Planned::order));
    private Instant now;
    private long order;

    SimulatedServers(String now) {
        this.now = Instant.parse(now);
    }

    private Timer later(Duration delay, Runnable task) {
        Planned entry = new Planned(now.plus(delay), order++, task);
        planned.add(entry);
        return () -> planned.remove(entry);
    }

    void pass(Duration time) {
        Instant end = now.plus(time);
        while (!planned.isEmpty() && !planned.peek().time().isAfter(end)) {
            Planned next = planned.poll();
            now = next.time();
            next.task().run();
        }
        now = end;
    }

    List<Run> of(int signal) {
        return runs.stream().filter(run -> run.signal() == signal).toList();
    }

    /// What a call takes, and how far a server's clock is ahead.
    Server start(int number, SharedRunOptions options, Duration network, Duration ahead) {
        return new Server(number, options, network, ahead);
    }

    final class Server implements SignalReceiver, ProgramRuns, SharedJob.Place {
        private final int number;
        private final Duration network;
        private final ProgramSignals signals;
        private boolean isDead;

        private Server(int number, SharedRunOptions options, Duration network, Duration ahead) {
            this.number = number;
            this.network = network;
            SignalSources sources = new SignalSources(
                    List.of(new SignalSources.Repeated(99, Duration.ofSeconds(1), false, "--timer")),
                    List.of(),
                    options);
            SharedJob.Terms terms =
                    new SharedJob.Terms(this, options.mostLate(), "--shared-most-late", () -> now.plus(ahead), this);
            signals = new ProgramSignals(
                    new SignalSettings(
                            "shop.wsgi",
                            100,
                            "most",
                            sources,
                            this::afterwards,
                            new SignalSettings.WallClock(() -> now.plus(ahead), Duration.ofSeconds(10)),
                            terms),
                    task -> afterwards(Duration.ZERO, task));
            signals.add(this);
        }

        private Timer afterwards(Duration delay, Runnable task) {
            return SimulatedServers.this.later(delay, () -> {
                if (!isDead) {
                    task.run();
                }
            });
        }

        Server cron(int signal, String handler, int minute) {
            signals.register(signal, "", handler);
            signals.addCron(this, signal, new CronRule(minute, -1, -1, -1, -1));
            return this;
        }

        Server timer(int signal, String handler, String target, Duration period) {
            signals.register(signal, target, handler);
            signals.addTimer(this, signal, period);
            return this;
        }

        ProgramSignals signals() {
            return signals;
        }

        Server serve() {
            signals.start();
            return this;
        }

        void die() {
            isDead = true;
        }

        @Override
        public Whose claim(String job, Instant due) {
            if (isGone) {
                return Whose.UNKNOWN;
            }
            return claims.computeIfAbsent(job + "@" + due, _ -> this) == this ? Whose.OURS : Whose.ANOTHERS;
        }

        @Override
        public Whose hold(String job) {
            throw new IllegalStateException(job);
        }

        @Override
        public void release(String job) {
            throw new IllegalStateException(job);
        }

        @Override
        public void ask(Runnable waiting, Runnable then) {
            afterwards(network, () -> {
                waiting.run();
                afterwards(network, then);
            });
        }

        @Override
        public void later(Duration delay, Runnable task) {
            afterwards(delay, task);
        }

        @Override
        public String kind() {
            return "worker";
        }

        @Override
        public int number() {
            return 1;
        }

        @Override
        public boolean isFree() {
            return true;
        }

        @Override
        public int unended() {
            return 0;
        }

        @Override
        public void send(int signal) {
            runs.add(new Run(number, signal, now));
        }
    }
}

package dev.loomgate.cli.stats;

import dev.loomgate.cli.stats.Metrics.Metric;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// Sends statistics to where one was asked to, again and again, in a daemon thread of its own until [#close].
final class Pusher implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Statistics statistics;
    private final StatsPush push;
    private final Duration period;
    private final Thread thread;
    /// What was wrong the last time: it is logged once, and when it is over.
    private String failure = "";

    private Pusher(Statistics statistics, StatsPush push, Duration period) {
        this.statistics = statistics;
        this.push = push;
        this.period = period;
        this.thread = Thread.ofPlatform().daemon().name("loomgate-stats-push").unstarted(this::run);
    }

    /// @param standard how often, unless the push says otherwise
    static Pusher start(Statistics statistics, StatsPush push, Duration standard) {
        Duration period =
                push instanceof StatsPush.ToFile file && file.period().isPositive() ? file.period() : standard;
        Pusher pusher = new Pusher(statistics, push, period);
        pusher.thread.start();
        return pusher;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(period);
                pushOnce();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "statistics are no longer sent");
        }
    }

    private void pushOnce() throws InterruptedException {
        String wrong = "";
        try {
            switch (push) {
                case StatsPush.ToFile file -> append(file);
                case StatsPush.ToSocket socket -> send(socket);
            }
        } catch (IOException | IllegalStateException e) {
            wrong = String.valueOf(e.getMessage());
        }
        if (!wrong.equals(failure)) {
            LOG.log(
                    wrong.isEmpty() ? Level.INFO : Level.WARNING,
                    "--stats-push {0}: {1}",
                    target(),
                    wrong.isEmpty() ? "statistics are sent again" : "statistics can't be sent: " + wrong);
            failure = wrong;
        }
    }

    private String target() {
        return switch (push) {
            case StatsPush.ToFile file -> file.path().toString();
            case StatsPush.ToSocket socket ->
                socket.address().getHostString() + ":" + socket.address().getPort();
        };
    }

    private void append(StatsPush.ToFile file) throws IOException, InterruptedException {
        Files.writeString(
                file.path(),
                statistics.json() + file.separator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private void send(StatsPush.ToSocket socket) throws IOException, InterruptedException {
        List<Metric> metrics = statistics.metrics();
        try (DatagramSocket datagrams = new DatagramSocket()) {
            for (Metric metric : metrics) {
                byte[] text = text(socket, metric).getBytes(StandardCharsets.UTF_8);
                datagrams.send(new DatagramPacket(text, text.length, socket.address()));
            }
        }
    }

    private static String text(StatsPush.ToSocket socket, Metric metric) {
        String name = socket.prefix() + "." + metric.name();
        if (!socket.statsd()) {
            return "%s %d %d".formatted(name, metric.kind().number(), metric.value());
        }
        return "%s:%d|%s".formatted(name, metric.value(), metric.kind() == Metrics.Kind.GAUGE ? "g" : "c");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

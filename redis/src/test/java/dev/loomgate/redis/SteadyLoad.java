package dev.loomgate.redis;

import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Clients that ask at set times, however long their answers take: one that waits asks later, and its
/// requests count from when they were due.
final class SteadyLoad implements AutoCloseable {
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("steady load").daemon().factory());
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /// A request and its answer.
    ///
    /// @param due when it was to be sent, by `System.nanoTime()`
    /// @param end when its answer was there
    /// @param answer the status and the content, such as `200 ada`; of a 503 the status and
    /// `Retry-After`; of a connection that fails, why
    record Sample(SocketAddress server, String path, long due, long end, String answer) {}

    /// Adds a client with a connection of its own.
    ///
    /// @param field of its requests, such as a `Cookie`
    void ask(SocketAddress server, String path, String field, Duration period) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
        threads.execute(() -> run(server, path, request, period.toNanos()));
    }

    private void run(SocketAddress server, String path, String request, long period) {
        long due = System.nanoTime();
        try (HttpPeer peer = HttpPeer.to(server)) {
            while (!ended) {
                LockSupport.parkNanos(due - System.nanoTime());
                if (due - System.nanoTime() <= 0) {
                    String answer = text(peer.send(request).answer());
                    samples.add(new Sample(server, path, due, System.nanoTime(), answer));
                    due += period;
                }
            }
        } catch (IOException e) {
            samples.add(new Sample(server, path, due, System.nanoTime(), e.toString()));
        }
    }

    private static String text(HttpPeer.Answer answer) {
        String text = answer.status() == 503 ? answer.field("retry-after") : answer.text();
        return answer.status() + " " + text;
    }

    /// The samples so far that are wanted, each client's in their order.
    List<Sample> samples(Predicate<Sample> wanted) {
        return samples.stream().filter(wanted).toList();
    }

    /// The time that 99 of 100 take at most, from when they were due.
    static Duration p99(List<Sample> samples) {
        long[] nanos = samples.stream()
                .mapToLong(each -> each.end() - each.due())
                .sorted()
                .toArray();
        return Duration.ofNanos(nanos[Math.max(0, (int) Math.ceil(nanos.length * 0.99) - 1)]);
    }

    /// Ends the clients, each after its answer.
    @Override
    public void close() {
        ended = true;
        threads.close();
    }
}

package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Clients that ask at a steady pace instead of as fast as they can: the server has time to spare, so what they
/// wait for is the server and not each other. A request counts from when it was due, also if the one before it was
/// late.
public record Paced(int clients, Duration interval, Duration duration) {
    /// How long the answers took; throws what the first client met that failed.
    public Percentiles run(Address address, String path) throws InterruptedException, IOException {
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        Callable<Void> client = () -> {
            ask(address, path, millis);
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = threads.invokeAll(
                    IntStream.range(0, clients).mapToObj(_ -> client).toList());
            for (Future<Void> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return Percentiles.of(millis);
    }

    private void ask(Address address, String path, ConcurrentLinkedQueue<Double> millis)
            throws IOException, InterruptedException {
        try (Connection connection = address.connect()) {
            long end = System.nanoTime() + duration.toNanos();
            for (long due = System.nanoTime(); due < end; due += interval.toNanos()) {
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                Answer answer = connection.get(path);
                if (answer.status() != 200) {
                    throw new IOException("status " + answer.status());
                }
                millis.add((System.nanoTime() - due) / 1e6);
            }
        }
    }
}

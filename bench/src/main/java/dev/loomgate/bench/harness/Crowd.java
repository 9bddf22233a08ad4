package dev.loomgate.bench.harness;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Many clients that wait at the same time: all connect first, then each asks once.
public final class Crowd {
    private final int size;
    private final Address address;
    private final String path;
    private final ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    public Crowd(int size, Address address, String path) {
        this.size = size;
        this.address = address;
        this.path = path;
    }

    /// How many were answered with 200, how long they waited, and what the others met (the first few).
    public record Outcome(int answered, Percentiles millis, List<String> failures) {}

    public Outcome run() throws InterruptedException {
        CountDownLatch connected = new CountDownLatch(size);
        Callable<Boolean> client = () -> ask(connected);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = clients.invokeAll(
                    IntStream.range(0, size).mapToObj(_ -> client).toList());
            int answered = 0;
            for (Future<Boolean> answer : answers) {
                answered += answer.get() ? 1 : 0;
            }
            return new Outcome(
                    answered,
                    Percentiles.of(millis),
                    failures.stream().distinct().limit(3).toList());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean ask(CountDownLatch connected) throws InterruptedException {
        try (Connection connection = connect(connected)) {
            connected.await();
            long asked = System.nanoTime();
            Answer answer = connection.get(path);
            millis.add((System.nanoTime() - asked) / 1e6);
            if (answer.status() != 200) {
                failures.add("status " + answer.status());
            }
            return answer.status() == 200;
        } catch (IOException e) {
            failures.add(e.toString());
            return false;
        }
    }

    private Connection connect(CountDownLatch connected) throws IOException {
        try {
            return address.connect();
        } finally {
            connected.countDown();
        }
    }
}

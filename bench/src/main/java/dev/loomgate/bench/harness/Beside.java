package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A client that asks at a steady pace for as long as another request takes. A request counts from when it was due,
/// also if the one before it was late.
public record Beside(Address address, Duration interval) {
    /// @param millis how long the answers took
    /// @param tookMillis how long the other request took
    public record Times(List<Double> millis, double tookMillis) {}

    /// Asks for `path` while `slow` is answered.
    ///
    /// @throws IOException if either isn't answered with 200
    public Times run(String path, String slow) throws IOException, InterruptedException {
        try (Connection connection = address.connect()) {
            get(connection, path); // it is there
            FutureTask<Double> other = new FutureTask<>(() -> {
                long start = System.nanoTime();
                try (Connection own = address.connect()) {
                    get(own, slow);
                }
                return (System.nanoTime() - start) / 1e6;
            });
            List<Double> millis = new ArrayList<>();
            Thread.ofPlatform().daemon().start(other);
            for (long due = System.nanoTime(); !other.isDone(); due += interval.toNanos()) {
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                get(connection, path);
                millis.add((System.nanoTime() - due) / 1e6);
            }
            return new Times(millis, other.get());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static void get(Connection connection, String path) throws IOException {
        Answer answer = connection.get(path);
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " for " + path);
        }
    }
}

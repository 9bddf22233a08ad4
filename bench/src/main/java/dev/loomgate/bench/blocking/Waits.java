package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/// Kinds that wait.
final class Waits {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Waits() {}

    static void sleep(Place place, Environ environ) throws InterruptedException {
        Thread.sleep(Kind.MILLIS);
    }

    static void waitForANotification(Place place, Environ environ) throws InterruptedException {
        Object lock = new Object();
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        synchronized (lock) {
            for (long rest = Kind.MILLIS; rest > 0; rest = (end - System.nanoTime()) / 1_000_000) {
                lock.wait(rest);
            }
        }
    }

    static void contended(Place place, Environ environ) throws InterruptedException {
        Object lock = new Object();
        CountDownLatch taken = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            synchronized (lock) {
                taken.countDown();
                rest();
            }
        });
        taken.await();
        synchronized (lock) {
            holder.join();
        }
    }

    static void locked(Place place, Environ environ) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch taken = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            try {
                taken.countDown();
                rest();
            } finally {
                lock.unlock();
            }
        });
        taken.await();
        lock.lock();
        try {
            holder.join();
        } finally {
            lock.unlock();
        }
    }

    static void rest() {
        try {
            Thread.sleep(Kind.MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void socket(Place place, Environ environ) throws IOException {
        try (ServerSocket server = slowServer();
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            client.getInputStream().readAllBytes();
        }
    }

    static void httpClient(Place place, Environ environ) throws IOException, InterruptedException {
        try (ServerSocket server = slowServer()) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /// Answers its first connection after the time, and ends it.
    private static ServerSocket slowServer() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket accepted = server.accept()) {
                rest();
                accepted.getInputStream().skip(accepted.getInputStream().available());
                accepted.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client is told by the end of the connection.
            }
        });
        return server;
    }

    static void child(Place place, Environ environ) throws IOException, InterruptedException {
        new ProcessBuilder("sleep", "1").start().waitFor();
    }

    static void childOutput(Place place, Environ environ) throws IOException {
        new ProcessBuilder("sleep", "1").start().getInputStream().read();
    }

    @SuppressWarnings("restricted")
    static void nativeSleep(Place place, Environ environ) throws Exception {
        Linker linker = Linker.nativeLinker();
        MethodHandle sleep = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("usleep"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) sleep.invokeExact((int) Kind.MILLIS * 1000);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Names that nobody has, each another one, for the time.
    static void names(Place place, Environ environ) {
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        while (System.nanoTime() - end < 0) {
            try {
                InetAddress.getByName("host-" + System.nanoTime() + ".invalid");
            } catch (UnknownHostException e) {
                // As expected.
            }
        }
    }

    static void inScope(Place place, Environ environ) throws Exception {
        Scopes.run(1, Waits::rest);
    }
}

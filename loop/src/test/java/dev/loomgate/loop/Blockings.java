package dev.loomgate.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What code may block in, each until it is released.
final class Blockings {
    private final Path directory;
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean isReleased;

    /// One of them: returns when [#release] was called.
    @FunctionalInterface
    interface Blocking {
        void run() throws Exception;
    }

    /// @param directory for files, empty
    Blockings(Path directory) {
        this.directory = directory;
    }

    /// Blocks in the kind of that name.
    void run(String name) throws Exception {
        Map<String, Blocking> all = thatUnmount();
        all.putAll(thatHold());
        Objects.requireNonNull(all.get(name)).run();
    }

    boolean holds(String name) {
        return thatHold().containsKey(name);
    }

    void release() {
        isReleased = true;
        released.countDown();
    }

    /// Those that wait where the JDK can unmount a virtual thread, or in other threads.
    Map<String, Blocking> thatUnmount() {
        Map<String, Blocking> kinds = new LinkedHashMap<>();
        kinds.put("Thread.sleep", this::sleep);
        kinds.put("Object.wait", this::waitForANotification);
        kinds.put("synchronized", this::contended);
        kinds.put("ReentrantLock", this::locked);
        kinds.put("a socket", this::socket);
        kinds.put("a child's end", () -> child().waitFor());
        kinds.put("a StructuredTaskScope's child that waits", () -> scope(released::await));
        kinds.put("a StructuredTaskScope's child that computes", () -> scope(this::compute));
        kinds.put("an executor's virtual thread that computes", this::inVirtualThread);
        kinds.put(
                "computing in Loop.offload",
                () -> Loop.offload(() -> {
                    compute();
                    return 0;
                }));
        return kinds;
    }

    /// Those that keep the thread.
    Map<String, Blocking> thatHold() {
        Map<String, Blocking> kinds = new LinkedHashMap<>();
        kinds.put("a child's output", () -> child().getInputStream().read());
        kinds.put("a FIFO", this::fifo);
        kinds.put("a static initialiser", this::initialise);
        kinds.put("computing", this::compute);
        kinds.put("files", this::readFiles);
        kinds.put("a walk", this::walk);
        kinds.put("a parallel stream", () -> IntStream.range(
                        0, 4 * Runtime.getRuntime().availableProcessors())
                .parallel()
                .forEach(_ -> compute()));
        return kinds;
    }

    private void onRelease(Callable<?> then) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                released.await();
                then.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void sleep() {
        Thread me = Thread.currentThread();
        onRelease(() -> {
            me.interrupt();
            return null;
        });
        try {
            Thread.sleep(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            // Released.
        }
    }

    private void waitForANotification() throws InterruptedException {
        onRelease(() -> {
            synchronized (this) {
                notifyAll();
            }
            return null;
        });
        synchronized (this) {
            while (!isReleased) {
                wait();
            }
        }
    }

    private void contended() throws InterruptedException {
        Object lock = new Object();
        CountDownLatch taken = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            synchronized (lock) {
                taken.countDown();
                awaitRelease();
            }
        });
        taken.await();
        synchronized (lock) {
            awaitRelease();
        }
    }

    private void locked() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch taken = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            lock.lock();
            try {
                taken.countDown();
                awaitRelease();
            } finally {
                lock.unlock();
            }
        });
        taken.await();
        lock.lock();
        try {
            awaitRelease();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void socket() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            onRelease(() -> {
                accepted.getOutputStream().write(1);
                return null;
            });
            client.getInputStream().read();
        }
    }

    private Process child() throws IOException {
        Process child = new ProcessBuilder("cat").start();
        onRelease(() -> {
            child.getOutputStream().close();
            return null;
        });
        return child;
    }

    // A preview in JDK 25, which javac refuses and reflection doesn't.
    private static void scope(Blocking child) throws Exception {
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Method fork = type.getMethod("fork", Callable.class);
        try (AutoCloseable scope = (AutoCloseable) type.getMethod("open").invoke(null)) {
            fork.invoke(scope, (Callable<Integer>) () -> {
                child.run();
                return 0;
            });
            type.getMethod("join").invoke(scope);
        }
    }

    private void inVirtualThread() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(this::compute).get();
        }
    }

    private void fifo() throws Exception {
        Path fifo = directory.resolve("fifo");
        if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() != 0) {
            throw new IOException("mkfifo failed");
        }
        onRelease(() -> Files.writeString(fifo, "x"));
        Files.readString(fifo);
    }

    static class WaitsAtStart {
        static final String VALUE = waited();

        private static String waited() {
            Objects.requireNonNull(Current.blockings).awaitRelease();
            return "waited";
        }
    }

    // Not in the class itself, which is initialised meanwhile.
    static class Current {
        static @Nullable Blockings blockings;
    }

    private void initialise() throws Exception {
        Current.blockings = this;
        try (InputStream in = Blockings.class.getResourceAsStream("Blockings$WaitsAtStart.class")) {
            // A copy, since a class is initialised once.
            MethodHandles.Lookup copy =
                    MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), false, ClassOption.NESTMATE);
            MethodHandle value = copy.findStaticGetter(copy.lookupClass(), "VALUE", String.class);
            try {
                value.invoke();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void compute() {
        while (!isReleased) {
            Thread.onSpinWait();
        }
    }

    private void readFiles() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1 << 20]);
        while (!isReleased) {
            Files.readAllBytes(file);
        }
    }

    private void walk() {
        while (!isReleased) {
            try (Stream<Path> found = Files.walk(Path.of("src/main"))) {
                found.forEach(_ -> {});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A way to block, for about a second.
public enum Kind {
    SLEEP("`Thread.sleep`", Waits::sleep),
    WAIT("`Object.wait`", Waits::waitForANotification),
    SYNCHRONIZED("`synchronized`, contended", Waits::contended),
    LOCK("`ReentrantLock`, contended", Waits::locked),
    COMPUTE("computing", Computes::alone),
    SOCKET("a socket", Waits::socket),
    HTTP_CLIENT("`HttpClient.send` to a slow server", Waits::httpClient),
    POSTGRES_WAIT("PostgreSQL: `select pg_sleep(1)`", Jdbc::postgresWait),
    POSTGRES_ROWS("PostgreSQL: a result of 1,000,000 rows", Jdbc::postgresRows),
    H2("H2: an aggregate in memory", Jdbc::h2),
    SQLITE("SQLite: an aggregate in memory", Jdbc::sqlite),
    READ_COLD("`Files`: 200 MB read, not in the page cache", FileKinds::readCold),
    READ_WARM("`Files`: 200 MB read, in the page cache", FileKinds::readWarm),
    READ_ALL("`Files.readAllBytes` of 200 MB", FileKinds::readAll),
    WRITE("`Files`: 200 MB written", FileKinds::write),
    WALK("`Files.walk`", FileKinds::walk),
    FIFO("opening a FIFO", FileKinds::fifo),
    CHILD("a child process: `waitFor`", Waits::child),
    CHILD_OUTPUT("a child process: its output", Waits::childOutput),
    INITIALISER("a static initialiser that sleeps", ClassKinds::initialiser),
    CLASSES("loading the classes of a library", ClassKinds::load),
    NATIVE("native code: C's `usleep`", Waits::nativeSleep),
    NAMES("`InetAddress.getByName`", Waits::names),
    PARALLEL("`parallelStream`", Computes::parallelStream),
    SCOPE_WAITS("`StructuredTaskScope`: a child that waits", Waits::inScope),
    SCOPE_COMPUTES("`StructuredTaskScope`: a child that computes", Computes::inScope),
    SCOPE_COMPUTES_ON_ALL("`StructuredTaskScope`: a child on each CPU", Computes::inScopeOnAllCarriers),
    OFFLOAD("computing in `environ.offload()`", Computes::offloaded);

    /// How long those block whose time can be chosen.
    static final long MILLIS = 1000;

    private final String shown;

    @SuppressWarnings("ImmutableEnumChecker") // a method's reference, which keeps nothing
    private final Work work;

    /// What blocks.
    @FunctionalInterface
    interface Work {
        void run(Place place, Environ environ) throws Exception;
    }

    Kind(String shown, Work work) {
        this.shown = shown;
        this.work = work;
    }

    /// In the table, as Markdown.
    public String shown() {
        return shown;
    }

    /// The path that blocks so.
    public String path() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> at(String path) {
        return Arrays.stream(values()).filter(kind -> kind.path().equals(path)).findFirst();
    }

    void run(Place place, Environ environ) throws Exception {
        work.run(place, environ);
    }
}

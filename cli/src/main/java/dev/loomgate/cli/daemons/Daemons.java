package dev.loomgate.cli.daemons;

import dev.loomgate.server.ServerStartException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The commands that run beside the server, and the thread that starts them, looks after them, and ends them.
///
/// The system kills a command when the thread that has started it ends, so that none outlives a server that is killed:
/// this thread is there as long as the commands are.
public final class Daemons implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Duration POLL_PERIOD = Duration.ofMillis(20);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private enum Order {
        LOOK,
        RELOAD,
        END
    }

    private final List<Daemon> all;
    private final Duration mercy;
    private final Duration longestEnd;
    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private volatile boolean ends;
    private @Nullable Thread thread;

    private Daemons(AttachedDaemons asked, Consumer<String> endServer) {
        mercy = asked.mercy();
        longestEnd = asked.longestEnd();
        Daemon.Owner owner = new Daemon.Owner() {
            @Override
            public void wake() {
                orders.add(Order.LOOK);
            }

            @Override
            public void endServer(String why) {
                endServer.accept(why);
            }
        };
        all = asked.daemons().stream()
                .map(settings -> Daemon.of(settings, asked, owner))
                .toList();
    }

    /// Starts none of them yet.
    ///
    /// @param endServer is told why the server is to end; any thread
    /// @throws ServerStartException if one can't be started at all
    public static Daemons of(AttachedDaemons asked, Consumer<String> endServer) throws ServerStartException {
        Daemons daemons = new Daemons(asked, endServer);
        for (Daemon daemon : daemons.all) {
            daemon.check();
        }
        return daemons;
    }

    /// Starts them. The server serves.
    public void start() {
        if (!all.isEmpty()) {
            thread = Thread.ofPlatform().daemon().name("loomgate-daemons").start(this::run);
        }
    }

    /// Those that end with the server are ended and started again; others are told, where they are to be. Any thread;
    /// returns at once.
    public void reload() {
        orders.add(Order.RELOAD);
    }

    /// Ends those that end with the server, and waits for that.
    @Override
    public void close() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        ends = true;
        orders.add(Order.END);
        try {
            running.join(longestEnd.plus(GRACE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            all.forEach(daemon -> daemon.begin(System.nanoTime()));
            for (Order order = next(); order != Order.END; order = next()) {
                if (order == Order.RELOAD && !ends) {
                    endAll(true);
                    all.forEach(daemon -> daemon.begin(System.nanoTime()));
                }
                all.forEach(daemon -> daemon.look(System.nanoTime()));
            }
            endAll(false);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "nobody looks after daemons any more");
        }
    }

    private Order next() throws InterruptedException {
        long now = System.nanoTime();
        long rest = all.stream().mapToLong(daemon -> daemon.rest(now)).min().orElse(Long.MAX_VALUE);
        Order order = orders.poll(rest, TimeUnit.NANOSECONDS);
        return order == null ? Order.LOOK : order;
    }

    private void endAll(boolean forReload) throws InterruptedException {
        all.forEach(daemon -> daemon.end(forReload));
        long deadline = System.nanoTime() + mercy.toNanos();
        while (!all.stream().allMatch(Daemon::hasEnded)) {
            if (System.nanoTime() - deadline > 0) {
                all.stream().filter(Predicate.not(Daemon::hasEnded)).forEach(this::kill);
                return;
            }
            Thread.sleep(POLL_PERIOD);
        }
    }

    private void kill(Daemon daemon) {
        LOG.log(Level.WARNING, () -> "%s: %s hasn't ended after %s s and is killed (--reload-mercy)"
                .formatted(daemon.settings.option(), daemon.name(daemon.leader()), seconds(mercy)));
        daemon.kill();
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}

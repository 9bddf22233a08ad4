package dev.loomgate.cli.subscribe;

import dev.loomgate.cli.process.UnixDatagrams;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Tells subscription servers where this server is, again and again, and that it goes when it isn't to get requests.
///
/// A daemon thread sends, from [#start] to [#close]; the other methods may be called by any thread, and wait for
/// nothing.
public final class Subscriptions implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Duration LAST_MESSAGES = Duration.ofSeconds(2);

    /// Why it gets no requests.
    public enum Pause {
        /// The operator has said so.
        ASKED,
        /// It drains.
        DRAIN,
        /// New connections wait.
        SUSPENSION
    }

    private final SubscribeSettings settings;
    private final List<ListenAddress> sockets;
    private final int cores;
    private final IntSupplier load;
    private final @Nullable Thread thread;

    // All guarded by this.
    private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);
    private boolean ended;

    // The thread's.
    private @Nullable UnixDatagrams unix;
    private final Set<String> failing = new HashSet<>();

    private Subscriptions(SubscribeSettings settings, List<ListenAddress> addresses, int cores, IntSupplier load) {
        this.settings = settings;
        this.sockets = addresses.stream()
                .filter(address -> address.protocol() == ListenAddress.Protocol.UWSGI)
                .toList();
        this.cores = cores;
        this.load = load;
        if (settings.blocked()) {
            pauses.add(Pause.ASKED);
        }
        thread = settings.subscriptions().isEmpty()
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-subscriptions").unstarted(this::run);
    }

    /// None is sent before [#start].
    ///
    /// @param addresses where the server listens
    /// @param cores how many requests it runs at once
    /// @param load how many it runs now
    public static Subscriptions of(
            SubscribeSettings settings, List<ListenAddress> addresses, int cores, IntSupplier load) {
        return new Subscriptions(settings, addresses, cores, load);
    }

    /// Begins. Called once.
    public void start() {
        if (thread != null) {
            settings.subscriptions().forEach(each -> LOG.log(Level.INFO, "subscribes to {0}", each.text()));
            thread.start();
        }
    }

    /// Whether there are any.
    public boolean isEmpty() {
        return settings.subscriptions().isEmpty();
    }

    /// It isn't to get requests, or, if there is no other reason, gets them again.
    public synchronized void pause(Pause why, boolean paused) {
        if (paused ? pauses.add(why) : pauses.remove(why)) {
            notifyAll();
        }
    }

    /// The operator has it come, or go.
    ///
    /// @return whether it is to get requests, as far as the operator is concerned
    public synchronized boolean toggle() {
        boolean goes = !pauses.contains(Pause.ASKED);
        pause(Pause.ASKED, goes);
        return !goes;
    }

    private void run() {
        boolean subscribed = false;
        try (DatagramSocket socket = new DatagramSocket()) {
            while (true) {
                boolean wanted = isWanted();
                if (wanted || subscribed) {
                    send(socket, wanted);
                }
                subscribed = wanted;
                if (!awaitNext(wanted)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "no subscriptions are sent: {0}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "no more subscriptions are sent");
        } finally {
            if (unix != null) {
                unix.close();
            }
        }
    }

    private synchronized boolean isWanted() {
        return pauses.isEmpty() && !ended;
    }

    // Until it is time, or something has changed; false at the end.
    private synchronized boolean awaitNext(boolean sent) throws InterruptedException {
        long next = System.nanoTime() + settings.period().toNanos();
        while (sent == isWanted() && !ended) {
            long left = next - System.nanoTime();
            if (sent && left <= 0) {
                return true;
            }
            wait(sent ? left / 1_000_000 + 1 : 0);
        }
        return sent || !ended;
    }

    private void send(DatagramSocket socket, boolean subscribes) {
        for (Subscription each : settings.subscriptions()) {
            try {
                if (each.check() == null || !Files.exists(each.check())) {
                    send(socket, each, subscribes);
                    failing.remove(each.text());
                }
            } catch (IOException | IllegalArgumentException e) {
                if (failing.add(each.text())) {
                    LOG.log(Level.WARNING, "the subscription {0} can''t be sent: {1}", each.text(), e.getMessage());
                }
            }
        }
    }

    private void send(DatagramSocket socket, Subscription subscription, boolean subscribes) throws IOException {
        String server = subscription.server();
        boolean byPath = server.startsWith("/");
        int colon = server.lastIndexOf(':');
        InetSocketAddress udp =
                byPath ? null : new InetSocketAddress(host(server), Integer.parseInt(server.substring(colon + 1)));
        if (udp != null && udp.isUnresolved()) {
            throw new IOException("no address is known for " + host(server));
        }
        int weight = settings.autoWeight() ? cores : settings.weight();
        for (Subscription.Name name : subscription.names()) {
            byte[] packet = new SubscriptionPacket(
                            name.key(),
                            address(subscription, udp),
                            name.modifier1(),
                            subscription.modifier2(),
                            cores,
                            load.getAsInt(),
                            subscription.weight().orElse(weight),
                            subscription.more())
                    .bytes(subscribes);
            if (udp == null) {
                unixSocket().send(packet, Path.of(server));
            } else {
                socket.send(new DatagramPacket(packet, packet.length, udp));
            }
        }
    }

    private UnixDatagrams unixSocket() throws IOException {
        UnixDatagrams open = unix;
        if (open == null) {
            open = UnixDatagrams.open();
            unix = open;
        }
        return open;
    }

    private static String host(String server) {
        String host = server.substring(0, server.lastIndexOf(':'));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    // What the router connects to.
    private String address(Subscription subscription, @Nullable InetSocketAddress server) throws IOException {
        String given = subscription.address();
        if (given != null) {
            return given;
        }
        return switch (sockets.get(subscription.socket()).place()) {
            case Place.UnixPath(Path path) -> path.toAbsolutePath().toString();
            case Place.UnixAbstract name -> name.toString();
            case Place.Tcp tcp when isForAll(tcp.host()) -> new Place.Tcp(ownAddress(server), tcp.port()).toString();
            case Place.Tcp tcp -> tcp.toString();
            case Place.Inherited open ->
                throw new IOException("the address of %s isn't known: say it, as ADDRESS=SERVER:KEY".formatted(open));
        };
    }

    private static boolean isForAll(String host) {
        return host.isEmpty() || host.equals("*") || host.equals("::") || host.equals("0.0.0.0");
    }

    // The address of this machine that packets to the server come from.
    private static String ownAddress(@Nullable InetSocketAddress server) throws IOException {
        if (server == null) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(server);
            return probe.getLocalAddress().getHostAddress();
        }
    }

    /// Says that the server goes, unless it has; waits a moment for that.
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        if (thread != null && thread.isAlive()) {
            try {
                thread.join(LAST_MESSAGES.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

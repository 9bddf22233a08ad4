package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import dev.loomgate.cli.process.Identity;
import dev.loomgate.cli.process.ListeningSocket;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The emperor, as a vassal's process sees it ([Message] has what they tell each other).
///
/// ```java
/// EmperorLink emperor = EmperorLink.enter().orElseThrow(); // before anything else
/// ...                                                      // reads its configuration
/// emperor.awaitTurn();
/// List<ListenAddress> addresses = emperor.joinedWith(wanted, Protocol.UWSGI, true);
/// emperor.onEnd(end -> ...);
/// emperor.serves(server.addresses(), server.openSockets(), Duration.ZERO);
/// ```
///
/// Used by the thread that starts the server, except where a method says otherwise.
public final class EmperorLink {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// Why a vassal has to end.
    public enum End {
        /// For good.
        FOR_GOOD("the emperor's order"),
        /// For another process with the same sockets, which listen on meanwhile.
        FOR_ANOTHER("the emperor's order to reload"),
        /// For good, without waiting for anything.
        AT_ONCE("the emperor's order"),
        /// The emperor itself has ended, without a word.
        EMPEROR_LOST("the end of the emperor");

        private final String words;

        End(String words) {
            this.words = words;
        }

        /// For the log: `stopping on ...`.
        public String words() {
            return words;
        }
    }

    private final ControlSocket control;
    private final boolean onDemand;
    private final boolean shared;
    private boolean listening;
    private @Nullable String needsItsOwn;
    private volatile boolean killed;
    private KeptSockets given = KeptSockets.NONE;
    private volatile End end = End.EMPEROR_LOST;

    private EmperorLink(ControlSocket control, boolean onDemand, boolean shared) {
        this.control = control;
        this.onDemand = onDemand;
        this.shared = shared;
    }

    /// Of a vassal that shares this process with others.
    static EmperorLink ofShared(ControlSocket control, boolean onDemand) {
        return new EmperorLink(control, onDemand, true);
    }

    /// What a vassal does first of all: it becomes its user and runs its start hook. As the first thing of the program,
    /// since it is another user's before.
    ///
    /// @return empty if this process is no vassal
    /// @throws ServerStartException if that isn't possible
    public static Optional<EmperorLink> enter() throws ServerStartException {
        String name = System.getProperty(VassalCommand.NAME);
        if (name == null) {
            return Optional.empty();
        }
        EmperorLink link = new EmperorLink(inherited(), Boolean.getBoolean(VassalCommand.ON_DEMAND), false);
        becomeUser();
        String hook = System.getProperty(VassalCommand.START_HOOK);
        if (hook != null) {
            runHook(hook, name);
        }
        return Optional.of(link);
    }

    /// The connection that this process was started with.
    static ControlSocket inherited() throws ServerStartException {
        try {
            return ControlSocket.inherited();
        } catch (IOException e) {
            throw new ServerStartException("this process has no emperor: " + e.getMessage(), e);
        }
    }

    /// Becomes the user that this process was started for.
    static void becomeUser() throws ServerStartException {
        String user = System.getProperty(VassalCommand.USER);
        if (user != null) {
            String[] parts = user.split(":", -1);
            Identity.become(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts.length > 2);
        }
    }

    /// Runs the start hook. It can fail, and the vassal starts all the same: as in uWSGI.
    static void runHook(String program, String name) throws ServerStartException {
        try {
            int status = new ProcessBuilder(program, name).inheritIO().start().waitFor();
            LOG.log(Level.INFO, "emperor: {0}: the start hook has ended with status {1}", name, status);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "emperor: {0}: --vassals-start-hook: {1}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("--vassals-start-hook: interrupted", e);
        }
    }

    /// Whether others run in this process, too. What a process has once is not the vassal's then.
    public boolean sharesProcess() {
        return shared;
    }

    /// The vassal can't share a process: when it has ended here, it is started in one of its own.
    ///
    /// @param why what it needs that a process has once
    public void needsItsOwnProcess(String why) {
        needsItsOwn = why;
    }

    /// Why it can't share a process; empty if it can.
    Optional<String> needsItsOwn() {
        return Optional.ofNullable(needsItsOwn);
    }

    /// Has it end at once, as far as it can be told. Any thread.
    void endAtOnce() {
        killed = true;
        control.end();
    }

    /// It has ended.
    void close() {
        control.end();
        if (!listening) {
            control.close();
        }
    }

    /// Whether a socket comes from the emperor, so that none need be named.
    public boolean isOnDemand() {
        return onDemand;
    }

    /// Tells that the configuration is read, and waits until it may be acted on: until the process before has ended, if
    /// there is one.
    ///
    /// @throws ServerStartException if the emperor has ended, or wants this process to end
    public void awaitTurn() throws ServerStartException {
        try {
            control.send(Message.READY.code(), "", List.of());
        } catch (IOException e) {
            throw new ServerStartException("the emperor has ended", e);
        }
        Optional<ControlSocket.Received> received = control.receive();
        if (received.isEmpty() || Message.of(received.get().message()) != Message.GO) {
            throw new ServerStartException("the emperor has ended, or wants no start");
        }
        given = KeptSockets.of(received.get());
    }

    /// Addresses to listen on, of which those whose sockets the emperor has kept are taken as they are, with the socket
    /// of a vassal on demand. Kept ones that are no longer wanted are closed.
    ///
    /// @param others what is spoken on the socket of a vassal on demand
    /// @param takes whether the server can take sockets that listen already
    public List<ListenAddress> joinedWith(List<ListenAddress> wanted, ListenAddress.Protocol others, boolean takes) {
        if (given.descriptors().isEmpty()) {
            return List.copyOf(wanted);
        }
        // As the server would: the kept sockets are those of a name's addresses.
        List<ListenAddress> all = new ArrayList<>();
        wanted.forEach(address -> all.addAll(address.resolved()));
        List<Integer> unwanted = new ArrayList<>();
        for (int i = 0; i < given.descriptors().size(); i++) {
            int descriptor = given.descriptors().get(i);
            if (onDemand && i == 0) {
                all.add(new ListenAddress(others, new Place.Inherited(descriptor)));
            } else if (!takes || !take(all, given.names().get(i), descriptor)) {
                unwanted.add(descriptor);
            }
        }
        ListeningSocket.closeAll(unwanted);
        return List.copyOf(all);
    }

    private static boolean take(List<ListenAddress> all, String name, int descriptor) {
        for (int i = 0; i < all.size(); i++) {
            ListenAddress address = all.get(i);
            if (KeptSockets.nameOf(address.place()).equals(name)) {
                all.set(i, new ListenAddress(address.protocol(), new Place.Inherited(descriptor, address.place())));
                return true;
            }
        }
        return false;
    }

    /// Calls that, once, when this process has to end. On a thread of its own.
    public void onEnd(Consumer<End> action) {
        listening = true;
        Thread.ofPlatform().daemon().name("loomgate-emperor-link").start(() -> {
            end = awaitEnd();
            control.close();
            action.accept(end);
        });
    }

    private End awaitEnd() {
        while (true) {
            Optional<ControlSocket.Received> received = control.receive();
            if (received.isEmpty()) {
                return killed ? End.AT_ONCE : End.EMPEROR_LOST;
            }
            switch (Message.of(received.get().message())) {
                case STOP -> {
                    return End.FOR_GOOD;
                }
                case LEAVE -> {
                    return End.FOR_ANOTHER;
                }
                case READY, GO, SERVES, HEARTBEAT, UNKNOWN ->
                    ListeningSocket.closeAll(received.get().descriptors());
            }
        }
    }

    /// Whether the sockets are to stay as they are for another process. After [#onEnd] has called.
    public boolean endsForAnother() {
        return end == End.FOR_ANOTHER;
    }

    /// Tells that the server listens and the program is loaded.
    ///
    /// @param addresses where it listens
    /// @param sockets descriptors of its sockets there, in that order, which the emperor keeps for the next
    /// process; or
    ///     none
    /// @param heartbeat how often to tell that all is well, from now on; zero for never
    public void serves(List<ListenAddress> addresses, List<Integer> sockets, Duration heartbeat) {
        boolean keeps = addresses.size() == sockets.size() && sockets.size() < ControlSocket.MOST_DESCRIPTORS;
        KeptSockets kept = keeps
                ? new KeptSockets(
                        addresses.stream()
                                .map(address -> KeptSockets.nameOf(address.place()))
                                .toList(),
                        sockets)
                : KeptSockets.NONE;
        if (!tell(Message.SERVES, kept) || !heartbeat.isPositive()) {
            return;
        }
        Thread.ofPlatform().daemon().name("loomgate-heartbeat").start(() -> beat(heartbeat));
    }

    private void beat(Duration period) {
        try {
            while (tell(Message.HEARTBEAT, KeptSockets.NONE)) {
                Thread.sleep(period);
            }
        } catch (InterruptedException e) {
            return; // nobody does that
        }
    }

    private boolean tell(Message message, KeptSockets sockets) {
        try {
            control.send(message.code(), sockets.text(), sockets.descriptors());
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the emperor has ended: {0}", e.getMessage());
            return false;
        }
    }
}

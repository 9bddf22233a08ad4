package dev.loomgate.python;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Clients that ask for the same again and again, each on a connection that it keeps, until they are stopped.
final class Load {
    private final Server server;
    private final String target;
    private final Duration pause;
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopped;

    private Load(Server server, String target, Duration pause) {
        this.server = server;
        this.target = target;
        this.pause = pause;
    }

    static Load start(Server server, String target, int clients) {
        return start(server, target, clients, Duration.ZERO);
    }

    /// @param pause of a client between two requests
    static Load start(Server server, String target, int clients, Duration pause) {
        Load load = new Load(server, target, pause);
        for (int i = 0; i < clients; i++) {
            load.clients.add(Thread.ofPlatform().name("client-" + i).start(load::ask));
        }
        return load;
    }

    private void ask() {
        while (!stopped) {
            try (HttpPeer peer = Servers.peer(server)) {
                while (!stopped) {
                    count("" + peer.get(target).answer().status());
                    if (pause.isPositive()) {
                        Thread.sleep(pause);
                    }
                }
            } catch (IOException | InterruptedException e) {
                count(e.toString());
            }
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    /// How many answers there were of this status.
    long count(int status) {
        LongAdder adder = outcomes.get("" + status);
        return adder == null ? 0 : adder.sum();
    }

    /// All outcomes so far.
    Map<String, LongAdder> outcomes() {
        return outcomes;
    }

    /// Ends all clients, after the requests that they wait for.
    Load stop() throws InterruptedException {
        stopped = true;
        for (Thread client : clients) {
            client.join();
        }
        return this;
    }
}

package dev.loomgate.cli.live;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A running server and its Python applications, as they are looked at.
///
/// @param programs the Python applications, with the prefixes that they are mounted at; empty for the root
public record LiveServer(Server server, Map<PythonApplication, String> programs) {
    public LiveServer {
        programs = Collections.unmodifiableMap(new LinkedHashMap<>(programs));
    }

    /// All that is to be seen at a moment.
    ///
    /// @param programs each with its prefix
    public record Moment(ServerSnapshot server, List<Program> programs) {}

    /// @param mountPoint the prefix that it is mounted at; empty for the root
    public record Program(String mountPoint, ProgramSnapshot snapshot) {}

    /// Looks. Waits for the programs' loops, for some seconds at most.
    ///
    /// @throws IllegalStateException if one is held, or ends; the message is for the log
    public Moment look() throws InterruptedException {
        List<String> places = new ArrayList<>();
        List<CompletionStage<ProgramSnapshot>> stages = new ArrayList<>();
        programs.forEach((application, place) -> {
            places.add(place);
            stages.add(application.snapshot());
        });
        ServerSnapshot now = server.snapshot();
        List<Program> seen = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            seen.add(new Program(places.get(i), Stages.taken(stages.get(i))));
        }
        return new Moment(now, seen);
    }

    /// The requests in flight. Takes no stack, and holds no loop.
    ///
    /// @param most how many at most
    /// @return the oldest first
    /// @throws IllegalStateException as [#look] does
    public List<LiveRequest> requests(int most) throws InterruptedException {
        return inFlightRequests().oldest(most);
    }

    /// How many requests are in flight, roughly: some counters, and no look at any of them.
    public int inFlight() {
        return inFlightRequests().count();
    }

    /// Where a request is now: the Java frames of its microthread, or the Python ones of its thread,
    /// greenlet or task. A worker is waited for for some seconds at most.
    ///
    /// @param id [LiveRequest#id]
    /// @return lines of text; empty if it has ended
    /// @throws IllegalStateException as [#look] does
    public Optional<String> stack(String id) throws InterruptedException {
        return inFlightRequests().stack(id);
    }

    /// Ends a request: its microthread is interrupted as by a passed deadline, its client gets a 504
    /// unless the response has begun. In Python its greenlet or task is told where it waits; a worker
    /// that doesn't let go of it
    /// within a second is replaced. The log says so.
    ///
    /// @param id [LiveRequest#id]
    /// @param why for the log
    /// @return false if it has ended
    /// @throws IllegalStateException as [#look] does
    public boolean cancel(String id, String why) throws InterruptedException {
        return inFlightRequests().cancel(id, why);
    }

    /// Kills a Python worker: what runs in it is answered with a 502, and another one takes its place.
    ///
    /// @param which its number, or its process's id
    /// @param why for the log
    /// @return false if no program has such a worker
    /// @throws IllegalStateException as [#look] does
    public boolean killWorker(long which, String why) throws InterruptedException {
        for (PythonApplication program : programs.keySet()) {
            if (Stages.taken(program.killWorker(which, why))) {
                return true;
            }
        }
        return false;
    }

    private Requests inFlightRequests() {
        return new Requests(server, programs.keySet());
    }
}

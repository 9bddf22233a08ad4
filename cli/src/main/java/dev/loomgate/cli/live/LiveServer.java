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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A running server and its Python applications, as they are looked at.
///
/// @param programs the Python applications, with the prefixes that they are mounted at; empty for the root
public record LiveServer(Server server, Map<PythonApplication, String> programs) {
    private static final long LIMIT_SECONDS = 5;

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
            seen.add(new Program(places.get(i), taken(stages.get(i))));
        }
        return new Moment(now, seen);
    }

    private static ProgramSnapshot taken(CompletionStage<ProgramSnapshot> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the loop of a Python application is held, and says nothing within %d s".formatted(LIMIT_SECONDS),
                    e);
        }
    }
}

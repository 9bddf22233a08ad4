package dev.loomgate.cli.live;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.ProgramRequests.Place;
import dev.loomgate.server.RunningRequest;
import dev.loomgate.server.Server;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests in flight of a server and of its Python applications, each shown once: one that a Python
/// application answers is a microthread, too, which waits for the worker.
final class Requests {
    private static final String JAVA = "java";
    private static final String LOOPS = "loomgate-loop-";

    private final Server server;
    private final Collection<PythonApplication> programs;

    Requests(Server server, Collection<PythonApplication> programs) {
        this.server = server;
        this.programs = programs;
    }

    List<LiveRequest> oldest(int most) throws InterruptedException {
        Map<PythonApplication, ProgramRequests> running = new LinkedHashMap<>();
        List<LiveRequest> found = new ArrayList<>();
        for (PythonApplication program : programs) {
            ProgramRequests its = Stages.taken(program.requests());
            running.put(program, its);
            its.taken().stream().map(each -> of(program, each)).forEach(found::add);
        }
        server.requests(most).forEach(each -> found.add(of(each, running)));
        found.sort(Comparator.comparing(LiveRequest::age).reversed());
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    private static LiveRequest of(PythonApplication program, ProgramRequests.Taken taken) {
        return new LiveRequest(
                taken.handle(),
                "",
                taken.age(),
                taken.method(),
                taken.target(),
                taken.client(),
                program.name(),
                place(taken.place()),
                "in Python");
    }

    private static LiveRequest of(RunningRequest request, Map<PythonApplication, ProgramRequests> running) {
        for (Map.Entry<PythonApplication, ProgramRequests> each : running.entrySet()) {
            Place place = each.getValue().given().get(request.subject());
            if (place != null) {
                return place.equals(Place.NONE)
                        ? of(request, each.getKey().name(), loop(request), "waits for a worker")
                        : of(request, each.getKey().name(), place(place), "in Python");
            }
        }
        return of(request, JAVA, loop(request), request.state());
    }

    private static LiveRequest of(RunningRequest request, String application, String place, String state) {
        return new LiveRequest(
                Long.toString(request.id()),
                request.requestId(),
                request.age(),
                request.method(),
                request.target(),
                request.client(),
                application,
                place,
                state);
    }

    private static String place(Place place) {
        return "worker %d (pid %d)".formatted(place.worker(), place.pid());
    }

    private static String loop(RunningRequest request) {
        String name = request.loop();
        return "loop " + (name.startsWith(LOOPS) ? name.substring(LOOPS.length()) : name);
    }

    int count() {
        return server.inFlight()
                + programs.stream().mapToInt(PythonApplication::directRequests).sum();
    }

    Optional<String> stack(String id) throws InterruptedException {
        Optional<RunningRequest> request = byServer(id);
        Object key = request.<Object>map(RunningRequest::subject).orElse(id);
        for (PythonApplication program : programs) {
            Optional<String> stack = Stages.taken(program.stack(key));
            if (stack.isPresent()) {
                return stack;
            }
        }
        return request.flatMap(found -> server.stack(found.id()));
    }

    boolean cancel(String id, String why) throws InterruptedException {
        Optional<RunningRequest> request = byServer(id);
        Object key = request.<Object>map(RunningRequest::subject).orElse(id);
        boolean cancelled = false;
        for (PythonApplication program : programs) {
            // First there: the worker is then told once, and not again by the microthread that is interrupted.
            cancelled |= Stages.taken(program.cancel(key, why));
        }
        // By then a quick program may have ended it: the log says why all the same.
        return (request.isPresent() && request.get().cancel(why)) || cancelled;
    }

    private Optional<RunningRequest> byServer(String id) {
        try {
            return server.request(Long.parseLong(id));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

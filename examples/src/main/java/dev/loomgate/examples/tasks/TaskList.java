package dev.loomgate.examples.tasks;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.Result;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// A list of tasks over JSON, of functions: each method of a URL is a line. The tasks are in memory, in a map
/// that several loops may change at once.
public final class TaskList {
    /// What a client sends.
    record Draft(String title) {
        Draft {
            if (title.isBlank()) {
                throw new IllegalArgumentException("A task needs a title.");
            }
        }
    }

    /// What it gets.
    record Task(long id, String title) {}

    private static final class Store {
        private final Map<Long, Task> tasks = new ConcurrentSkipListMap<>();
        private final AtomicLong last = new AtomicLong();

        Collection<Task> all() {
            return tasks.values();
        }

        Optional<Task> find(long id) {
            return Optional.ofNullable(tasks.get(id));
        }

        Task add(Draft draft) {
            Task task = new Task(last.incrementAndGet(), draft.title());
            tasks.put(task.id(), task);
            return task;
        }

        Optional<Task> change(long id, Draft draft) {
            return Optional.ofNullable(tasks.computeIfPresent(id, (_, _) -> new Task(id, draft.title())));
        }

        Response remove(long id) {
            if (tasks.remove(id) == null) {
                throw new NotFound();
            }
            return Response.empty();
        }
    }

    /// `/user`: a class among the functions.
    static final class User {
        String get(Request request) {
            return "Hello %s!".formatted(request.args().get("name", "World"));
        }
    }

    private static final Store STORE = new Store();

    /// What `./loomgate --app dev.loomgate.examples.tasks.TaskList` serves.
    public static final Application application = WebApplication.of(
            Route.get("/hello/<name>", (_, name) -> "Hello " + name + "!"),
            Route.get("/tasks", _ -> STORE.all()),
            Route.post("/tasks", Draft.class, (_, draft) -> Result.of(STORE.add(draft), 201)),
            Route.get("/tasks/<int:id>", long.class, (_, id) -> STORE.find(id)),
            Route.put("/tasks/<int:id>", long.class, Draft.class, (_, id, draft) -> STORE.change(id, draft)),
            Route.delete("/tasks/<int:id>", long.class, (_, id) -> STORE.remove(id)),
            Rule.of("/user", User.class));

    private TaskList() {}
}

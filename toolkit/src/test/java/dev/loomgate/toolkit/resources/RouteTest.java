package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.Conflict;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.Submount;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RouteTest {
    record Task(String title, int hours) {}

    record Page(int page, Optional<String> word) {}

    record Place(String country, int street) {}

    static class TaskResource {
        String get(long id) {
            return "task " + id;
        }
    }

    static class Counter {
        private int count;

        String get() {
            return "request " + ++count;
        }
    }

    static final class Hooked implements Lifecycle {
        private String state = "new";

        String get() {
            return state;
        }

        @Override
        public void start() {
            state = "started";
        }

        @Override
        public void stop() {
            state = "stopped";
        }
    }

    private static String text(Application application, String path) {
        return Client.of(application).get(path).send().text();
    }

    private static void refused(ThrowingCallable start, String message) {
        assertThatThrownBy(start).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static String twice(Request request, long number) {
        return String.valueOf(2 * number);
    }

    @Test
    void functionsClassesApplicationsAndObjectsMix() {
        Application plain = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("plain");
        };
        Application application = WebApplication.of(
                Route.get("/hello/<name>", (_, name) -> "Hello " + name),
                Rule.of("/task/<int:id>", TaskResource.class),
                Rule.of("/plain", plain),
                Rule.of("/made", () -> new Counter()),
                Rule.of("/kept", new Counter()),
                Submount.of("/<language>", Route.get("/page/<int:number>", long.class, RouteTest::twice)));

        assertThat(text(application, "/hello/Bob")).isEqualTo("Hello Bob");
        assertThat(text(application, "/task/7")).isEqualTo("task 7");
        assertThat(text(application, "/plain")).isEqualTo("plain");
        assertThat(text(application, "/made")).isEqualTo("request 1");
        assertThat(text(application, "/made")).isEqualTo("request 1");
        assertThat(text(application, "/kept")).isEqualTo("request 1");
        assertThat(text(application, "/kept")).isEqualTo("request 2");
        assertThat(text(application, "/de/page/21")).isEqualTo("42");
    }

    @Test
    void variablesHaveTheirTypes() {
        UUID id = UUID.randomUUID();
        Application application = WebApplication.of(
                Route.get("/int/<int:n>", int.class, (_, n) -> String.valueOf(n + 1)),
                Route.get("/long/<int:n>", long.class, (_, n) -> String.valueOf(n + 1)),
                Route.get("/double/<float:n>", double.class, (_, n) -> String.valueOf(n / 2)),
                Route.get("/uuid/<uuid:id>", UUID.class, (_, uuid) -> uuid.toString()),
                Route.get("/two/<a>/<int:b>", String.class, int.class, (_, a, b) -> a.repeat(b)),
                Route.get("/place/<country>/<int:street>", Place.class, (_, place) -> place));

        assertThat(text(application, "/int/1")).isEqualTo("2");
        assertThat(text(application, "/long/4294967296")).isEqualTo("4294967297");
        assertThat(text(application, "/double/1.5")).isEqualTo("0.75");
        assertThat(text(application, "/uuid/" + id)).isEqualTo(id.toString());
        assertThat(text(application, "/two/ab/3")).isEqualTo("ababab");
        assertThat(text(application, "/place/de/7")).isEqualTo("{\"country\":\"de\",\"street\":7}");
        assertThat(Client.of(application).get("/int/4294967296").send().code()).isEqualTo(404);
    }

    @Test
    void recordsComeFromBodyAndQuery() {
        Client client = Client.of(WebApplication.of(
                Route.post("/task", Task.class, (_, task) -> Result.of(task, 201)),
                Route.get(
                        "/task",
                        Page.class,
                        (_, page) -> page.page() + page.word().orElse("")),
                Route.put("/task/<int:id>", long.class, Task.class, (_, id, task) -> id + task.title())));

        TestResponse created = client.post("/task").json(new Task("a", 1)).send();
        assertThat(created.code()).isEqualTo(201);
        assertThat(created.text()).isEqualTo("{\"title\":\"a\",\"hours\":1}");
        assertThat(client.post("/task").json(Map.of("hours", 1)).send().code()).isEqualTo(422);
        assertThat(client.get("/task?page=3&word=x").send().text()).isEqualTo("3x");
        assertThat(client.get("/task?page=x").send().code()).isEqualTo(400);
        assertThat(client.put("/task/9").json(new Task("b", 1)).send().text()).isEqualTo("9b");
    }

    @Test
    void whatIsReturnedIsAsWithMethods() {
        Client client = Client.of(WebApplication.of(
                Route.get("/list", _ -> List.of(1, 2)),
                Route.get("/none", _ -> Optional.empty()),
                Route.get("/later", _ -> CompletableFuture.completedFuture("later")),
                Route.delete("/", _ -> Response.empty()),
                Route.patch("/", _ -> new byte[] {65}),
                Route.get("/conflict", _ -> {
                    throw new Conflict();
                })));

        assertThat(client.get("/list").send().text()).isEqualTo("[1,2]");
        assertThat(client.get("/none").send().code()).isEqualTo(404);
        assertThat(client.get("/later").send().text()).isEqualTo("later");
        assertThat(client.delete("/").send().code()).isEqualTo(204);
        assertThat(client.patch("/").send().text()).isEqualTo("A");
        assertThat(client.get("/conflict").send().code()).isEqualTo(409);
    }

    @Test
    void whatIsNoResponseFailsTheRequestByMethodAndRule() {
        Client client = Client.of(WebApplication.of(Route.get("/odd", _ -> new Object())));

        assertThatThrownBy(() -> client.get("/odd").send())
                .hasStackTraceContaining("GET /odd returned a java.lang.Object, which is no response");
    }

    @Test
    void methodsOfAPathAreFunctionsOfTheirOwn() {
        Client client = Client.of(WebApplication.of(
                Route.get("/task/<int:id>", long.class, (_, id) -> "got " + id),
                Route.put("/task/<int:id>", long.class, (_, id) -> "put " + id),
                Route.delete("/task/<name>", (_, name) -> "deleted " + name)));

        assertThat(client.get("/task/1").send().text()).isEqualTo("got 1");
        assertThat(client.put("/task/1").send().text()).isEqualTo("put 1");
        assertThat(client.delete("/task/1").send().text()).isEqualTo("deleted 1");
        TestResponse head = client.head("/task/1").send();
        assertThat(head.code()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        TestResponse wrong = client.post("/task/1").send();
        assertThat(wrong.code()).isEqualTo(405);
        assertThat(wrong.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PUT");
        TestResponse options = client.options("/task/1").send();
        assertThat(options.code()).isEqualTo(200);
        assertThat(options.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PUT");
    }

    @Test
    void anotherAnswerToAMissingMethodIsForFunctionsToo() {
        Client client = Client.of(WebApplication.of(Route.get("/", _ -> ""))
                .withMissingMethod(methods -> new NotFound("only " + methods)));

        TestResponse response = client.put("/").send();

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.text()).contains("only [GET, HEAD, OPTIONS]");
    }

    @Test
    void aRuleOfAFunctionTakesWhatRulesTake() {
        Client client = Client.of(
                WebApplication.of(Route.post("/small", Request::text).withLimits(Limits.DEFAULT.withBodyBytes(3))));

        assertThat(client.post("/small").body(new byte[4], "text/plain").send().code())
                .isEqualTo(413);
    }

    @Test
    void hooksOfAnObjectRunOnce() throws Exception {
        Hooked hooked = new Hooked();
        try (Client client = Client.started(WebApplication.of(Rule.of("/", hooked), Rule.of("/again", hooked)))) {
            assertThat(client.get("/").send().text()).isEqualTo("started");
        }
        assertThat(hooked.get()).isEqualTo("stopped");
    }

    @Test
    void aFunctionThatMakesObjectsIsAskedForEachRequest() {
        AtomicInteger made = new AtomicInteger();
        Client client = Client.of(WebApplication.of(Rule.of("/", () -> {
            made.incrementAndGet();
            return new Counter();
        })));

        client.get("/").send();
        client.get("/").send();

        assertThat(made.get()).isEqualTo(3);
    }

    @Test
    void wrongTypesStopTheStart() {
        refused(
                () -> WebApplication.of(Route.get("/<int:id>", (_, id) -> id)),
                "GET /<int:id> takes <id> as String, but rule /<int:id> (GET, OPTIONS, HEAD) has it as Long");
        refused(
                () -> WebApplication.of(Route.put("/<id>", UUID.class, (_, id) -> id.toString())),
                "PUT /<id> takes <id> as UUID, but rule /<id> (PUT, OPTIONS) has it as String");
        refused(
                () -> Route.get("/<a>/<int:b>", String.class, (_, a) -> a),
                "GET /<a>/<int:b>: its function takes String of the path, which has <a>, <b>: give a type for each"
                        + " variable in order, or a record that has them by their names");
        refused(
                () -> Route.post("/", (_, name) -> name),
                "POST /: its function takes String of the path, which has no variables: give a type for each"
                        + " variable in order, or a record that has them by their names");
        refused(
                () -> WebApplication.of(Route.get("/<country>", Place.class, (_, place) -> place)),
                "GET /<country> takes a record of which rule /<country> (GET, OPTIONS, HEAD) has some components as"
                        + " variables, but not <street>: it has all of them, or none of a record from the query");
        refused(
                () -> WebApplication.of(Route.post("/", Task.class, Page.class, (_, task, page) -> "")),
                "POST / takes two records that are none of the variables of rule / (POST, OPTIONS): a request has one"
                        + " body");
    }

    @Test
    void wrongRulesStopTheStart() {
        refused(
                () -> WebApplication.of(Route.get("/<nope:id>", (_, id) -> id)),
                "URL rule '/<nope:id> (GET, OPTIONS, HEAD)': the converter 'nope' does not exist");
        refused(() -> Route.get("x", _ -> ""), "GET x: URL rule 'x' must start with a slash");
        refused(() -> Route.get("/<", _ -> ""), "GET /<: malformed URL rule '/<': can't read '<'");
        refused(
                () -> WebApplication.of(Route.get("/x", _ -> ""), Route.get("/x", _ -> "")),
                "URL rule '/x (GET, OPTIONS, HEAD)' for the function of GET /x duplicates '/x (GET, OPTIONS, HEAD)' for"
                        + " the function of GET /x");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullsStopTheStart() {
        refused(() -> Route.get(null, _ -> ""), "GET: its rule's pattern is null");
        refused(() -> Route.get("/x", (Route.OfRequest) null), "GET /x: its function is null");
        refused(
                () -> Route.delete("/<x>", (Class<String>) null, (_, x) -> x),
                "DELETE /<x>: a type of its function's arguments is null");
    }

    @Test
    void whatMakesNoResourceStopsTheStart() {
        Supplier<String> texts = () -> "text";
        refused(
                () -> WebApplication.of(Rule.of("/", texts)),
                "resource java.lang.String has no method that answers a request: none is named delete, get, head,"
                        + " options, patch, post, put, trace");
        Supplier<Class<?>> classes = () -> Counter.class;
        refused(
                () -> WebApplication.of(Rule.of("/", classes)),
                "the function that is the endpoint of rule / makes " + Counter.class
                        + ", which is no object of a resource class");
    }
}

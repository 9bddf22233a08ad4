package dev.loomgate.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestEvents;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/// Test classes with the extension, run by JUnit's own engine.
@Tag("once")
class LoomgateTestTest {
    /// What the classes below have seen, in order; one class is run at a time.
    private static final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void forget() {
        seen.clear();
    }

    private static Events run(Class<?> type) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .execute();
        results.containerEvents().failed().stream()
                .flatMap(event -> event.getPayload(Object.class).stream())
                .forEach(failure -> seen.add("failed: " + failure));
        return results.testEvents();
    }

    /// Says how many requests with its cookie the client has made, and notes when it starts and stops.
    static class Counting implements Application, Lifecycle {
        @Override
        public void start() {
            seen.add("start");
        }

        @Override
        public void stop() {
            seen.add("stop");
        }

        @Override
        public Body call(Environ environ, StartResponse startResponse) throws Exception {
            String cookie = environ.getOrDefault("HTTP_COOKIE", "n=0").toString();
            int count = Integer.parseInt(cookie.substring(2)) + 1;
            startResponse.start(
                    Status.OK, Headers.of("Content-Type", "text/plain", "Set-Cookie", "n=" + count + "; Path=/"));
            return Body.text("request " + count);
        }
    }

    private static void ask(String who, Client client) {
        seen.add(who + " " + client.get("/").send().text());
    }

    @LoomgateTest(Counting.class)
    static class InProcess {
        private final Client mine;

        InProcess(Client client) {
            mine = client;
        }

        @BeforeAll
        static void first(Client client) {
            ask("all", client);
        }

        @BeforeEach
        void before(Client client) {
            ask("each", client);
        }

        @Test
        void one(Client client) {
            assertThat(client).isSameAs(mine);
            ask("test", client);
        }

        @Test
        void two(Client client) {
            ask("test", client);
        }

        @AfterAll
        static void last(Client client) {
            ask("all", client);
        }
    }

    @Test
    void anApplicationIsStartedOnceAndEachTestHasAClientOfItsOwn() {
        run(InProcess.class).assertStatistics(tests -> tests.succeeded(2).failed(0));

        assertThat(seen)
                .containsExactly(
                        "start",
                        "all request 1",
                        "each request 1",
                        "test request 2",
                        "each request 1",
                        "test request 2",
                        "all request 2",
                        "stop");
    }

    @LoomgateTest(http = true)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OverHttp {
        static Application application() {
            seen.add("made");
            return new Counting();
        }

        @Test
        void one(Client client, URI address) {
            ask("test", client);
            seen.add(address.toString());
        }

        @Nested
        class Inside {
            @Test
            void two(Client client, URI address) {
                ask("inside", client);
                seen.add(address.toString());
            }
        }
    }

    @Test
    void overHttpAClassAndThoseInsideHaveOneServer() {
        run(OverHttp.class).assertStatistics(tests -> tests.succeeded(2).failed(0));

        assertThat(seen)
                .hasSize(7)
                .startsWith("made", "start", "test request 1")
                .endsWith("stop");
        assertThat(seen.get(4)).isEqualTo("inside request 1");
        assertThat(seen.get(3)).matches("http://127\\.0\\.0\\.1:[1-9]\\d+").isEqualTo(seen.get(5));
        int port = URI.create(seen.get(3)).getPort();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
    }

    @LoomgateTest
    static class WithField {
        static final Application application = new Counting();

        @Test
        void one(Client client) {
            ask("outside", client);
        }

        @Nested
        @LoomgateTest(Other.class)
        class OfAnother {
            @Test
            void two(Client client) {
                ask("inside", client);
            }
        }
    }

    static class Other implements Application {
        @Override
        public Body call(Environ environ, StartResponse startResponse) throws Exception {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("other");
        }
    }

    @Test
    void aNestedClassMayHaveAnApplicationOfItsOwn() {
        run(WithField.class).assertStatistics(tests -> tests.succeeded(2).failed(0));

        assertThat(seen).containsExactly("start", "outside request 1", "inside other", "stop");
    }

    @LoomgateTest(http = true)
    static class WithEvents {
        static final Application application = WebApplication.of(Route.get(
                "/",
                request -> Response.events(request, events -> {
                    events.send("first");
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        seen.add("left");
                    }
                })));

        @Test
        void one(Client client) throws Exception {
            try (TestEvents events = client.events("/")) {
                seen.add(events.take().orElseThrow().data().orElseThrow());
            }
            Eventually.await("the program's end", () -> seen.contains("left"));
        }
    }

    @Test
    void eventsComeOverHttpAndLeavingEndsThem() {
        run(WithEvents.class).assertStatistics(tests -> tests.succeeded(1).failed(0));

        assertThat(seen).containsExactly("first", "left");
    }

    static class Derived extends WithField {}

    @Test
    void aDerivedClassInheritsItAll() {
        run(Derived.class).assertStatistics(tests -> tests.succeeded(2).failed(0));

        assertThat(seen).contains("start", "outside request 1", "stop");
    }

    @LoomgateTest(Counting.class)
    static class AsksForAnAddress {
        @Test
        void one(URI address) {
            seen.add(address.toString());
        }
    }

    @Test
    void anAddressIsOfAServerAlone() {
        run(AsksForAnAddress.class).assertThatEvents().anySatisfy(event -> assertThat(
                        event.getPayload(Object.class).toString())
                .contains("has no address: with @LoomgateTest(http = true) it is served on a free port"));

        assertThat(seen).containsExactly("start", "stop");
    }

    @LoomgateTest
    static class WithoutApplication {
        @Test
        void one() {}
    }

    @LoomgateTest
    static class WithSomethingElse {
        static final String application = "board";

        @Test
        void one() {}
    }

    @LoomgateTest(http = true)
    static class DoesNotStart {
        static Application application() {
            return new Counting() {
                @Override
                public void start() {
                    throw new IllegalStateException("no database");
                }
            };
        }

        @Test
        void one() {}
    }

    @Test
    void aClassWhoseApplicationIsNotThereFailsAndSaysWhy() {
        run(WithoutApplication.class).assertStatistics(tests -> tests.started(0));
        run(WithSomethingElse.class).assertStatistics(tests -> tests.started(0));
        run(DoesNotStart.class).assertStatistics(tests -> tests.started(0));

        assertThat(seen).hasSize(3);
        assertThat(seen.get(0))
                .contains(
                        "class " + WithoutApplication.class.getName() + " has no application: it has a static method");
        assertThat(seen.get(1))
                .contains("field " + WithSomethingElse.class.getName() + ".application gives java.lang.String");
        assertThat(seen.get(2)).contains("no database");
    }
}

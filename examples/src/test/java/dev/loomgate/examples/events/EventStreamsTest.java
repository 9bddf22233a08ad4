package dev.loomgate.examples.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.examples.events.EventClient.Way;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.EventStream;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.events.WhenFull;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams of events on a server of two loops, by each protocol. Where nothing else is said, no heartbeat comes while
/// a test lasts: what ends a stream isn't that a write fails.
@Timeout(120)
@Tag("timing")
class EventStreamsTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String PAD = "x".repeat(32 * 1024);

    private final Topic topic = Topic.builder().heartbeat(NEVER).queue(20).build();
    private final Topic newest = Topic.builder()
            .heartbeat(NEVER)
            .queue(4)
            .history(0)
            .whenFull(WhenFull.DROP_OLDEST)
            .build();
    private final Topic few = Topic.builder().maxSubscribers(1).build();
    private final AtomicReference<EventStream.Program> program = new AtomicReference<>();
    private final AtomicReference<Duration> heartbeat = new AtomicReference<>(NEVER);
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore interrupted = new Semaphore(0);
    private Server server;

    /// A stream of the test's program.
    static final class ProgramEvents {
        private final EventStreamsTest test;

        ProgramEvents(EventStreamsTest test) {
            this.test = test;
        }

        Response get(Request request) {
            return Response.events(request, test.heartbeat.get(), test.program.get());
        }
    }

    /// A topic's events.
    static final class TopicEvents {
        private final Topic topic;

        TopicEvents(Topic topic) {
            this.topic = topic;
        }

        Response get(Request request) {
            return Response.events(request, topic);
        }
    }

    @BeforeEach
    void start() throws Exception {
        WebApplication site = WebApplication.of(
                Rule.of("/program", Resource.of(ProgramEvents.class, () -> new ProgramEvents(this))),
                Rule.of("/topic", Resource.of(TopicEvents.class, () -> new TopicEvents(topic))),
                Rule.of("/newest", Resource.of(TopicEvents.class, () -> new TopicEvents(newest))),
                Rule.of("/few", Resource.of(TopicEvents.class, () -> new TopicEvents(few))));
        server = Server.builder(new Lint().wrap(site))
                .listen(ListenAddress.http("127.0.0.1:0"))
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(2)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
    }

    @AfterEach
    void stop() {
        assertThat(server.stop(Duration.ofSeconds(30))).isTrue();
    }

    private SocketAddress address(Way way) {
        return server.addresses().get(way == Way.UWSGI ? 1 : 0).socketAddress();
    }

    private EventClient ask(Way way, String path) throws Exception {
        return EventClient.ask(way, address(way), path);
    }

    private void waitFor(Topic some, int subscribers) throws Exception {
        Eventually.await(
                () -> subscribers + " subscribers: " + some.counts(),
                () -> some.counts().subscribers() == subscribers);
    }

    private static void tryAcquire(Semaphore semaphore) throws InterruptedException {
        assertThat(semaphore.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }

    /// One that sends an event and then waits for something that doesn't come.
    private void waitForEver(EventStream events) throws Exception {
        events.send("first");
        begun.release();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.release();
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProgramIsInterruptedWhenItsClientGoes(Way way) throws Exception {
        program.set(this::waitForEver);
        try (EventClient client = ask(way, "/program")) {
            client.until("data: first\n\n");
            tryAcquire(begun);
            assertThat(interrupted.availablePermits()).isZero();
        }

        tryAcquire(interrupted);
        Eventually.await("no request runs", () -> server.inFlight() == 0);
    }

    @Test
    void aStreamOfHttp2EndsWithoutItsConnection() throws Exception {
        program.set(this::waitForEver);
        try (EventClient client = ask(Way.HTTP2, "/program")) {
            client.until("data: first\n\n");
            client.resetStream();

            tryAcquire(interrupted);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriberWhoseClientGoesLeavesItsTopic(Way way) throws Exception {
        try (EventClient client = ask(way, "/topic")) {
            client.until(":\n\n");
            topic.publish(Event.of("one\ntwo: ä").withName("news").withId("7"));

            assertThat(client.until("two: ä\n\n")).endsWith("event: news\nid: 7\ndata: one\ndata: two: ä\n\n");
            assertThat(topic.counts().subscribers()).isOne();
        }

        waitFor(topic, 0);
        Eventually.await("no request runs", () -> server.inFlight() == 0);
    }

    @Test
    void theHeadIsThereBeforeTheFirstEvent() throws Exception {
        try (EventClient client = ask(Way.HTTP1, "/topic")) {
            assertThat(client.until("\r\n\r\n").toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 200 ")
                    .contains(
                            "content-type: text/event-stream\r\n",
                            "cache-control: no-store\r\n",
                            "x-accel-buffering: no\r\n")
                    .doesNotContain("content-length");
        }
    }

    @Test
    void aHeadRequestSubscribesNobody() throws Exception {
        try (EventClient client = EventClient.ask(address(Way.HTTP1), "/topic", "Connection: close\r\n");
                HttpPeer peer = HttpPeer.to(address(Way.HTTP1))) {
            client.until(":\n\n");
            assertThat(peer.head("/topic").headOnly().field("content-type")).isEqualTo("text/event-stream");

            waitFor(topic, 1);
        }
    }

    @Test
    void nginxPassesEventsOnAtOnceAndTellsWhenTheClientGoes(@TempDir Path directory) throws Exception {
        int port = ((InetSocketAddress) address(Way.UWSGI)).getPort();
        try (Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "127.0.0.1:" + port))) {
            SocketAddress front = new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
            try (EventClient client = EventClient.ask(Way.HTTP1, front, "/topic")) {
                client.until(":\n\n");
                topic.publish(Event.of("through nginx"));
                client.until("data: through nginx\n\n");
            }

            waitFor(topic, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStopEndsStreamsAtOnce(Way way) throws Exception {
        program.set(this::waitForEver);
        try (EventClient one = ask(way, "/program");
                EventClient other = ask(way, "/topic")) {
            one.until("data: first\n\n");
            other.until(":\n\n");

            long before = System.nanoTime();
            assertThat(server.stop(Duration.ofSeconds(60))).isTrue();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            tryAcquire(interrupted);
            assertThat(topic.counts().subscribers()).isZero();
            if (way == Way.HTTP1) {
                assertThat(one.rest()).endsWith("\r\n0\r\n\r\n");
                assertThat(other.rest()).endsWith("\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    void aTopicThatIsClosedEndsItsStreamsAfterTheirEvents() throws Exception {
        try (EventClient client = ask(Way.HTTP1, "/topic")) {
            client.until(":\n\n");
            topic.publish(Event.of("last"));
            topic.close();

            assertThat(client.until("\r\n0\r\n\r\n")).contains("data: last\n\n");
        }
        try (EventClient late = ask(Way.HTTP1, "/topic")) {
            assertThat(late.until("\r\n0\r\n\r\n")).contains(" 200 ");
        }
    }

    @Test
    void whoComesBackGetsWhatWasMissed() throws Exception {
        String seen = topic.publish(Event.of("seen")).id().orElseThrow();
        topic.publish(Event.of("missed 1"));
        topic.publish(Event.of("missed 2"));
        try (EventClient client = EventClient.ask(address(Way.HTTP1), "/topic", "Last-Event-ID: " + seen + "\r\n")) {
            assertThat(client.until("data: missed 2\n\n"))
                    .contains("data: missed 1\n\n")
                    .doesNotContain("data: seen");
            topic.publish(Event.of("new"));
            client.until("data: new\n\n");
        }
    }

    @Test
    void aProgramGetsTheIdInUtf8() throws Exception {
        program.set(events -> events.send("since " + events.lastEventId().orElse("the beginning")));
        try (EventClient client =
                EventClient.ask(address(Way.HTTP1), "/program", "Last-Event-ID: \u00c3\u00a4 1\r\n")) {
            assertThat(client.until("\r\n0\r\n\r\n")).contains("data: since ä 1\n\n");
        }
        try (EventClient client = ask(Way.HTTP1, "/program")) {
            client.until("data: since the beginning\n\n");
        }
    }

    @Test
    void heartbeatsComeWhileTheProgramWaits() throws Exception {
        heartbeat.set(Duration.ofMillis(20));
        program.set(this::waitForEver);
        try (EventClient client = ask(Way.HTTP1, "/program")) {
            client.until("data: first\n\n");
            for (int i = 0; i < 5; i++) {
                client.until(":\n\n");
            }
        }
        tryAcquire(interrupted);
    }

    @Test
    void aProgramWaitsForASlowClient() throws Exception {
        AtomicLong sent = new AtomicLong();
        program.set(events -> {
            try {
                while (true) {
                    events.send(PAD);
                    sent.incrementAndGet();
                    begun.release();
                }
            } finally {
                interrupted.release();
            }
        });
        try (EventClient client = EventClient.slow(address(Way.HTTP1), "/program")) {
            client.until("data: x");
            long before = -1;
            while (before != sent.get()) {
                before = sent.get();
                begun.drainPermits();
                // One second without an event: it waits.
                begun.tryAcquire(1, TimeUnit.SECONDS);
            }
            assertThat(sent.get()).isLessThan(1_000);
        }

        tryAcquire(interrupted);
    }

    @Test
    void aProgramsFailureBreaksTheStreamOff() throws Exception {
        program.set(events -> {
            events.send("first");
            throw new IllegalStateException("no more events");
        });
        try (LogLines log = LogLines.of("dev.loomgate.server");
                EventClient client = ask(Way.HTTP1, "/program")) {
            assertThat(client.rest()).contains("data: first\n\n").doesNotContain("\r\n0\r\n");
            log.await("no more events");
        }
    }

    @Test
    void aSlowSubscriberIsEndedAndTheOthersDontWait() throws Exception {
        try (EventClient slow = EventClient.slow(address(Way.HTTP1), "/topic");
                EventClient quick = ask(Way.HTTP1, "/topic")) {
            slow.until(":\n\n");
            quick.until(":\n\n");
            int published = 0;
            while (topic.counts().ended() == 0) {
                assertThat(published).isLessThan(1_000);
                topic.publish(Event.of(published + PAD));
                quick.until("\ndata: " + published);
                published++;
            }

            topic.publish(Event.of("after it"));
            quick.until("data: after it\n\n");
            assertThat(topic.counts().subscribers()).isOne();
            assertThat(slow.until("\r\n0\r\n\r\n")).doesNotContain("after it");
        }
    }

    @Test
    void aSlowSubscriberMissesTheOldestWhereThatIsThePolicy() throws Exception {
        try (EventClient slow = EventClient.slow(address(Way.HTTP1), "/newest")) {
            slow.until(":\n\n");
            for (int i = 0; newest.counts().dropped() < 100; i++) {
                assertThat(i).isLessThan(10_000);
                newest.publish(Event.of(i + PAD));
            }
            newest.publish(Event.of("the newest"));

            slow.until("data: the newest\n\n");
            assertThat(newest.counts().subscribers()).isOne();
            assertThat(newest.counts().ended()).isZero();
        }
    }

    @Test
    void moreThanSoManySubscribersGet503() throws Exception {
        try (EventClient first = ask(Way.HTTP1, "/few");
                EventClient second = ask(Way.HTTP1, "/few")) {
            boolean firstIsIn = first.until("\r\n").contains(" 200 ");
            assertThat((firstIsIn ? second : first).until("maxSubscribers")).contains("1 listen already");
            assertThat(few.counts().refused()).isOne();
        }
        waitFor(few, 0);
        try (EventClient next = ask(Way.HTTP1, "/few")) {
            next.until(":\n\n");
        }
    }

    @Test
    void aThousandSubscribersVanishWithoutATrace() throws Exception {
        List<EventClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                clients.add(ask(i % 10 == 0 ? Way.HTTP2 : i % 10 == 1 ? Way.UWSGI : Way.HTTP1, "/topic"));
            }
            waitFor(topic, 1_000);
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 15; i++) {
                    topic.publish(Event.of("event " + i));
                }
            });
            for (EventClient client : clients) {
                client.until("data: event 14\n\n");
            }
            publishing.get();
        } finally {
            for (EventClient client : clients) {
                client.close();
            }
        }

        waitFor(topic, 0);
        Eventually.await("no request runs", () -> server.inFlight() == 0);
        assertThat(topic.counts().ended()).isZero();
    }
}

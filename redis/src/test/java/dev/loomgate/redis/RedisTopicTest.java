package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Subscription;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A topic of two servers of one JVM, over a real Redis.
@Timeout(120)
class RedisTopicTest {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;
    private Redis second;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        redis = Redis.open(server.uri());
        second = Redis.open(server.uri());
    }

    @AfterEach
    void stop() {
        redis.close();
        second.close();
        server.close();
    }

    private static RedisTopic topic(Redis redis) {
        return RedisTopic.of(redis, "news", Topic.of(), RedisTopic.WhenGone.LOCAL);
    }

    private static List<Event> take(Subscription place, int count) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(place.take().orElseThrow());
        }
        return events;
    }

    @Test
    void whatOneServerPublishesIsSentByAll() throws Exception {
        RedisTopic here = topic(redis);
        RedisTopic there = topic(second);
        try (Subscription mine = here.local().subscribe();
                Subscription theirs = there.local().subscribe()) {
            Event sent =
                    here.publish(Event.of("two\nlines, ü").withName("price").withRetry(Duration.ofSeconds(5)));

            assertThat(take(mine, 1).getFirst()).hasToString(sent.toString());
            assertThat(take(theirs, 1).getFirst()).hasToString(sent.toString());
            assertThat(sent.id()).isPresent();
            assertThat(sent.toString()).contains("event: price", "retry: 5000", "data: two\ndata: lines, ü");
        }
    }

    @Test
    void allSendTheSameInTheSameOrder() throws Exception {
        RedisTopic here = topic(redis);
        RedisTopic there = topic(second);
        try (Subscription mine = here.local().subscribe();
                Subscription theirs = there.local().subscribe()) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 40; i++) {
                    RedisTopic topic = i % 2 == 0 ? here : there;
                    Event event = Event.of("event " + i);
                    threads.submit(() -> topic.publish(event));
                }
            }
            List<String> ids = take(mine, 40).stream()
                    .map(event -> event.id().orElseThrow())
                    .toList();

            assertThat(take(theirs, 40).stream().map(event -> event.id().orElseThrow()))
                    .isEqualTo(ids);
            assertThat(ids).doesNotHaveDuplicates();
        }
    }

    @Test
    void aClientComesBackToAnotherServer() throws Exception {
        RedisTopic here = topic(redis);
        RedisTopic there = topic(second);
        Event first = here.publish(Event.of("1"));
        here.publish(Event.of("2"));
        Eventually.await("both are there", () -> there.local().counts().published() == 2);

        try (Subscription back = there.local().subscribe(first.id().orElseThrow())) {
            assertThat(take(back, 1).getFirst().data()).contains("2");
        }
    }

    @Test
    void aClosedOneHearsNothingAndLeavesItsName() throws Exception {
        RedisTopic here = topic(redis);
        assertThatThrownBy(() -> topic(redis)).hasMessageContaining("has a topic \"news\" already");

        here.close();
        Eventually.await("nobody listens", () -> server.ask("PUBSUB", "NUMSUB", "loomgate:topic:news")
                .endsWith("0"));
        RedisTopic next = topic(redis);
        next.publish(Event.of("1"));
        Eventually.await("it is heard", () -> next.local().counts().published() == 1);
        assertThat(here.local().counts().published()).isZero();
    }

    @Test
    void whatNobodyWouldSeeIsRefused() {
        RedisTopic here = topic(redis);

        assertThatThrownBy(() -> here.publish(Event.ofComment("psst"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whileRedisIsGoneItIsSentByThisServerAndAfterwardsByAllAgain() throws Exception {
        RedisTopic here = topic(redis);
        RedisTopic there = topic(second);
        RedisTopic refusing = RedisTopic.of(redis, "orders", Topic.of(), RedisTopic.WhenGone.REFUSE);
        try (Subscription mine = here.local().subscribe();
                Subscription theirs = there.local().subscribe();
                LogLines log = LogLines.of("dev.loomgate.redis")) {
            here.publish(Event.of("before"));
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere() && !second.isThere());
            here.publish(Event.of("meanwhile"));
            assertThatThrownBy(() -> refusing.publish(Event.of("order"))).isInstanceOf(ServiceUnavailable.class);
            server.restart();
            Eventually.await("Redis is back", () -> redis.isThere() && second.isThere());
            here.publish(Event.of("after"));

            assertThat(take(mine, 3).stream().map(event -> event.data().orElseThrow()))
                    .containsExactly("before", "meanwhile", "after");
            assertThat(take(theirs, 2).stream().map(event -> event.data().orElseThrow()))
                    .containsExactly("before", "after");
            assertThat(log.with("is gone")).isNotEmpty();
        }
    }
}

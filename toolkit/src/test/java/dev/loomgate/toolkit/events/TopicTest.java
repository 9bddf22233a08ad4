package dev.loomgate.toolkit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicTest {
    private static List<String> taken(Subscription from, int count) throws InterruptedException {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            data.add(from.take().flatMap(Event::data).orElse("the end"));
        }
        return data;
    }

    private static void publish(Topic topic, String... data) {
        for (String one : data) {
            topic.publish(Event.of(one));
        }
    }

    @Test
    void allGetTheSameInTheSameOrderFromAnyThread() throws Exception {
        Topic topic = Topic.builder().queue(1_000).build();
        Subscription one = topic.subscribe();
        Subscription other = topic.subscribe();
        CompletableFuture.allOf(IntStream.range(0, 4)
                        .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                            for (int i = 0; i < 250; i++) {
                                topic.publish(Event.of(thread + "." + i));
                            }
                        }))
                        .toArray(CompletableFuture[]::new))
                .get();

        List<String> first = taken(one, 1_000);
        assertThat(first).doesNotHaveDuplicates().doesNotContain("the end");
        assertThat(taken(other, 1_000)).isEqualTo(first);
    }

    @Test
    void onlyWhoComesBackGetsWhatWasBefore() throws Exception {
        Topic topic = Topic.builder().history(3).build();
        String first = topic.publish(Event.of("1")).id().orElseThrow();
        String second = topic.publish(Event.of("2")).id().orElseThrow();
        publish(topic, "3", "4", "5");

        Subscription fresh = topic.subscribe();
        Subscription back = topic.subscribe(topic.publish(Event.of("6")).id().orElseThrow());
        assertThat(first).isNotEqualTo(second);
        assertThat(taken(topic.subscribe(second), 3)).containsExactly("4", "5", "6");
        assertThat(taken(topic.subscribe("of another run"), 3)).containsExactly("4", "5", "6");
        publish(topic, "7");
        assertThat(taken(fresh, 2)).containsExactly("6", "7");
        assertThat(taken(back, 1)).containsExactly("7");
    }

    @Test
    void idsOfItsOwnAreKept() throws Exception {
        Topic topic = Topic.of();
        topic.publish(Event.of("1").withId("a"));
        topic.publish(Event.of("2").withId("b"));

        assertThat(taken(topic.subscribe("a"), 1)).containsExactly("2");
    }

    @Test
    void withoutAHistoryThereAreNoIds() {
        Topic topic = Topic.builder().history(0).build();

        assertThat(topic.publish(Event.of("1")).id()).isEmpty();
    }

    @Test
    void commentsAreSentAndNotKept() throws Exception {
        Topic topic = Topic.of();
        Subscription place = topic.subscribe();
        topic.publish(Event.ofComment("nothing"));

        assertThat(place.take().orElseThrow().id()).isEmpty();
        publish(topic, "1");
        assertThat(taken(topic.subscribe("unknown"), 1)).containsExactly("1");
    }

    @Test
    void whoIsTooSlowIsEndedAndResumes() throws Exception {
        Topic topic = Topic.builder().queue(2).history(10).build();
        Subscription slow = topic.subscribe();
        publish(topic, "1");
        String seen = slow.take().flatMap(Event::id).orElseThrow();
        publish(topic, "2", "3", "4", "5");

        assertThat(slow.take()).isEmpty();
        assertThat(topic.counts()).isEqualTo(new TopicCounts(0, 5, 0, 1, 0));
        // More than the queue holds, and it isn't ended by the next one either.
        Subscription back = topic.subscribe(seen);
        publish(topic, "6");
        assertThat(taken(back, 5)).containsExactly("2", "3", "4", "5", "6");
    }

    @Test
    void whoIsTooSlowMissesTheOldest() throws Exception {
        Topic topic = Topic.builder().queue(2).whenFull(WhenFull.DROP_OLDEST).build();
        Subscription slow = topic.subscribe();
        publish(topic, "1", "2", "3", "4", "5");

        assertThat(taken(slow, 2)).containsExactly("4", "5");
        assertThat(topic.counts()).isEqualTo(new TopicCounts(1, 5, 3, 0, 0));
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        Topic topic = Topic.of();
        Subscription place = topic.subscribe();
        CompletableFuture<Optional<Event>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return place.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        place.close();
        place.close();

        assertThat(waiting.get()).isEmpty();
        assertThat(topic.counts().subscribers()).isZero();
    }

    @Test
    void aClosedTopicGivesWhatWaitsAndTakesNothing() throws Exception {
        Topic topic = Topic.of();
        Subscription place = topic.subscribe();
        publish(topic, "1");
        topic.close();
        publish(topic, "2");

        assertThat(taken(place, 2)).containsExactly("1", "the end");
        assertThat(topic.subscribe().take()).isEmpty();
        assertThat(topic.counts().subscribers()).isZero();
    }

    @Test
    void thereAreSoManyPlaces() {
        Topic topic = Topic.builder().maxSubscribers(1).build();
        Subscription only = topic.subscribe();

        assertThatThrownBy(topic::subscribe)
                .isInstanceOf(ServiceUnavailable.class)
                .hasMessageContaining("1 listen already, and no more may (maxSubscribers).");
        only.close();
        topic.subscribe().close();
        assertThat(topic.counts().refused()).isOne();
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.builder().queue(0))
                .withMessage("queue must be 1 or more, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.builder().history(-1))
                .withMessage("history must be 0 or more, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.builder().maxSubscribers(0))
                .withMessage("maxSubscribers must be 1 or more, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.builder().heartbeat(Duration.ZERO))
                .withMessage("heartbeat must be more than 0, not PT0S");
    }
}

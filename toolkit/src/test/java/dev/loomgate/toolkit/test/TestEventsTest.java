package dev.loomgate.toolkit.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TestEventsTest {
    private static final Topic NEWS = Topic.of();

    private final CountDownLatch left = new CountDownLatch(1);

    private final Client client = Client.of(WebApplication.of(
            Route.get(
                    "/countdown",
                    request -> Response.events(request, events -> {
                        events.send(Event.ofRetry(Duration.ofSeconds(3)));
                        events.send(Event.of("2 to go\nor 3").withName("count").withId("ä"));
                        events.send(Event.of("after " + events.lastEventId().orElse("nothing")));
                    })),
            Route.get("/news", request -> Response.events(request, NEWS)),
            Route.get("/endless", this::endless),
            Route.get(
                    "/broken",
                    request -> Response.events(request, events -> {
                        throw new IllegalStateException("no events today");
                    })),
            Route.get("/text", request -> "hello")));

    private Response endless(Request request) {
        return Response.events(request, events -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                left.countDown();
            }
        });
    }

    @Test
    void eventsComeAsTheyWereSentUntilTheEnd() throws Exception {
        try (TestEvents events = client.events("/countdown", Headers.of("Last-Event-ID", "41"))) {
            assertThat(events.take().orElseThrow().retry()).contains(Duration.ofSeconds(3));
            Event count = events.take().orElseThrow();
            assertThat(count.data()).contains("2 to go\nor 3");
            assertThat(count.name()).contains("count");
            assertThat(count.id()).contains("ä");
            Event last = events.take().orElseThrow();
            assertThat(last.data()).contains("after 41");
            assertThat(last.name()).isEmpty();
            assertThat(last.id()).isEmpty();
            assertThat(events.take()).isEmpty();
            assertThat(events.take()).isEmpty();
        }
    }

    @Test
    void whatIsPublishedOnceItIsOpenComes() throws Exception {
        try (TestEvents events = client.events("/news")) {
            NEWS.publish(Event.of("rain"));
            assertThat(events.take().orElseThrow().data()).contains("rain");
        }
    }

    @Test
    void leavingEndsTheApplicationsProgram() throws Exception {
        TestEvents events = client.events("/endless");
        assertThat(left.getCount()).isOne();

        events.close();

        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(events::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whatTheProgramThrowsComesOut() throws Exception {
        try (TestEvents events = client.events("/broken")) {
            assertThatThrownBy(events::take)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no events today");
        }
    }

    @Test
    void anAnswerThatIsNoStreamOfEventsIsTold() {
        assertThatThrownBy(() -> client.events("/nothing").close())
                .isInstanceOfSatisfying(
                        NotAccepted.class, e -> assertThat(e.response().code()).isEqualTo(404))
                .hasMessage(
                        "the application answered the request for events, in text/event-stream, with 404 Not Found");
        assertThatThrownBy(() -> client.events("/text").close()).isInstanceOf(NotAccepted.class);
    }

    private static List<String> parsed(byte[]... pieces) {
        List<String> events = new ArrayList<>();
        EventLines lines = new EventLines(event -> events.add(event.toString()));
        for (byte[] piece : pieces) {
            lines.add(piece);
        }
        return events;
    }

    @Test
    void pieceBoundariesAndLineEndsMakeNoDifference() {
        String stream =
                ": hi\n\nevent: a\ndata\ndata:  ü\nid: 1\nid: 2\0\nretry: x\nother: y\n\nid: 3\n\ndata: b\n\ndata: cut";
        List<String> expected = List.of("event: a\nid: 1\ndata:\ndata:  ü", "data: b");
        for (String end : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = stream.replace("\n", end).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i <= bytes.length; i++) {
                assertThat(parsed(Arrays.copyOf(bytes, i), Arrays.copyOfRange(bytes, i, bytes.length)))
                        .as("cut at %d", i)
                        .isEqualTo(expected);
            }
        }
    }
}

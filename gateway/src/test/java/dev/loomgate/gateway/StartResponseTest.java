package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartResponseTest {
    private record Started(
            Status status, Headers headers, @Nullable Exception cause) {}

    private final List<Started> started = new ArrayList<>();
    private final StartResponse container =
            (status, headers, cause) -> started.add(new Started(status, headers, cause));

    @Test
    void theShortFormHasNoCause() {
        container.start(Status.OK, Headers.of("A", "1"));

        assertThat(started).containsExactly(new Started(Status.OK, Headers.of("A", "1"), null));
    }

    @Test
    void aMappingSeesEachHeadBeforeTheContainer() throws Exception {
        StartResponse mapping =
                StartResponse.mapping(container, (status, headers) -> headers.set("X-Status", "" + status.code()));
        IOException cause = new IOException("replaced");

        mapping.start(Status.OK, new Headers());
        mapping.start(Status.NOT_FOUND, new Headers(), cause);

        assertThat(started)
                .containsExactly(
                        new Started(Status.OK, Headers.of("X-Status", "200"), null),
                        new Started(Status.NOT_FOUND, Headers.of("X-Status", "404"), cause));
    }

    @Test
    void theContainerIsToldOfTheInnermostView() throws Exception {
        List<StartResponse> views = new ArrayList<>();
        StartResponse told = new StartResponse() {
            @Override
            public void start(Status status, Headers headers, @Nullable Exception cause) {
                started.add(new Started(status, headers, cause));
            }

            @Override
            public void viewedBy(StartResponse view) {
                views.add(view);
            }
        };
        StartResponse outer = StartResponse.mapping(told, (_, headers) -> headers.set("A", "1"));
        StartResponse inner = StartResponse.mapping(outer, (_, headers) -> headers.set("B", "2"));

        views.getLast().start(Status.INTERNAL_SERVER_ERROR, new Headers(), new IOException("failed"));

        assertThat(views).containsExactly(outer, inner);
        assertThat(started.getFirst().headers()).isEqualTo(Headers.of("B", "2", "A", "1"));
    }

    @Test
    void theContainersRefusalPassesThroughAMapping() {
        StartResponse sent = (status, headers, cause) -> {
            if (cause != null) {
                throw cause;
            }
            throw new IllegalStateException("already started");
        };
        StartResponse mapping = StartResponse.mapping(sent, (status, headers) -> {});
        IOException cause = new IOException("too late");

        assertThatThrownBy(() -> mapping.start(Status.OK, new Headers(), cause)).isSameAs(cause);
        assertThatThrownBy(() -> mapping.start(Status.OK, new Headers()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("already started");
    }

    @Test
    void aContainerThatThrowsACheckedExceptionWithoutACauseIsNamed() {
        StartResponse broken = (status, headers, cause) -> {
            throw new IOException("disk");
        };

        assertThatThrownBy(() -> broken.start(Status.OK, new Headers()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("startResponse threw without a cause")
                .hasCauseInstanceOf(IOException.class);
    }
}

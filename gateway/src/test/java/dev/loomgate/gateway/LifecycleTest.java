package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> called = new ArrayList<>();

    /// An application with hooks that notes what is called.
    private final class Hooked implements Application, Lifecycle {
        @Override
        public Body call(Environ environ, StartResponse startResponse) {
            called.add("call");
            return Body.empty();
        }

        @Override
        public void start() {
            called.add("start");
        }

        @Override
        public void stop() {
            called.add("stop");
        }
    }

    private Middleware noting(String name) {
        return inner -> (environ, startResponse) -> {
            called.add(name);
            return inner.call(environ, startResponse);
        };
    }

    private void runThrough(Application application) throws Exception {
        assertThat(application).isInstanceOf(Lifecycle.class);
        ((Lifecycle) application).start();
        application.call(new Environ(), (status, headers, cause) -> {}).close();
        ((Lifecycle) application).stop();
    }

    @Test
    void hooksAreNotHiddenByWhatStandsBefore() throws Exception {
        Application inner = new Hooked();

        runThrough(Lifecycle.passOn(inner, noting("outer").wrap(inner)));

        assertThat(called).containsExactly("start", "outer", "call", "stop");
    }

    @Test
    void aRequestPassesTheOuterMiddlewareFirstAndTheHooksStay() throws Exception {
        runThrough(noting("outer").around(noting("inner")).wrap(new Hooked()));

        assertThat(called).containsExactly("start", "outer", "inner", "call", "stop");
    }

    @Test
    void hooksThatAreThereAlreadyAreNotRunTwice() {
        Application inner = new Hooked();
        Application outer = new Hooked();

        assertThat(Lifecycle.passOn(inner, outer)).isSameAs(outer);
    }

    @Test
    void withoutHooksNothingIsAdded() {
        Application inner = (environ, startResponse) -> Body.empty();
        Application outer = noting("outer").wrap(inner);

        assertThat(Lifecycle.passOn(inner, outer)).isSameAs(outer);
    }

    @Test
    void aFailingStartIsNotSwallowed() {
        final class Failing implements Application, Lifecycle {
            @Override
            public Body call(Environ environ, StartResponse startResponse) {
                return Body.empty();
            }

            @Override
            public void start() throws IOException {
                throw new IOException("no database");
            }
        }
        Application application = noting("outer").around(noting("inner")).wrap(new Failing());

        assertThatThrownBy(((Lifecycle) application)::start)
                .isInstanceOf(IOException.class)
                .hasMessage("no database");
    }

    @Test
    void ofSeveralEachIsStartedOnceAndStopped() throws Exception {
        Application hooked = new Hooked();
        Lifecycle all =
                Lifecycle.all(List.of(hooked, "no application", noting("plain").wrap(hooked), hooked));

        all.start();
        all.stop();

        assertThat(called).containsExactly("start", "stop");
    }
}

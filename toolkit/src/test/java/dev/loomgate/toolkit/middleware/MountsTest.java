package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountsTest {
    private final List<String> called = new ArrayList<>();

    private static Application named(String name) {
        return (environ, startResponse) -> new Response(
                        "%s [%s] [%s]".formatted(name, environ.scriptName(), environ.path()))
                .call(environ, startResponse);
    }

    /// An application with hooks that notes what is called, and fails where it is told to.
    private final class Hooked implements Application, Lifecycle {
        private final String name;
        private String failing = "";

        Hooked(String name) {
            this.name = name;
        }

        Hooked failingAt(String hook) {
            failing = hook;
            return this;
        }

        @Override
        public Body call(Environ environ, StartResponse startResponse) {
            return new Response(name).call(environ, startResponse);
        }

        @Override
        public void start() throws IOException {
            run("start");
        }

        @Override
        public void stop() throws IOException {
            run("stop");
        }

        private void run(String hook) throws IOException {
            called.add(hook + " " + name);
            if (failing.equals(hook)) {
                throw new IOException(name + " fails at " + hook);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/,                other [] [/]",
        "/x,               other [] [/x]",
        "/admin,           admin [/admin] []",
        "/admin/,          admin [/admin] [/]",
        "/admin/x/y,       admin [/admin] [/x/y]",
        "/admin//x,        admin [/admin] [//x]",
        "/administer,      other [] [/administer]",
        "/admin/wiki,      wiki [/admin/wiki] []",
        "/admin/wiki/a,    wiki [/admin/wiki] [/a]",
        "/admin/wikis,     admin [/admin] [/wikis]",
        "/k%C3%A4se/x,     cheese [/käse] [/x]",
        "//admin,          other [] [//admin]"
    })
    void theLongestPrefixOfWholeSegmentsAnswers(String path, String answer) throws Exception {
        Application application = new Lint()
                .wrap(Mounts.of(named("other"))
                        .withMount("/admin", named("admin"))
                        .withMount("/admin/wiki/", named("wiki"))
                        .withMount("/käse", named("cheese")));
        ((Lifecycle) application).start();

        assertThat(Client.of(application).get(path).send().text()).isEqualTo(answer);
    }

    @Test
    void whatIsNotMountedIsNotFound() {
        Client client = Client.of(Mounts.of().withMount("/a", named("a")));

        assertThat(client.get("/b").send().code()).isEqualTo(404);
        assertThat(client.get("/a").send().code()).isEqualTo(200);
    }

    @Test
    void mountsMayBeMounted() {
        Application inner = Mounts.of(named("other")).withMount("/b", named("b"));

        assertThat(Client.of(Mounts.of().withMount("/a", inner))
                        .get("/a/b/c")
                        .send()
                        .text())
                .isEqualTo("b [/a/b] [/c]");
    }

    @Test
    void theRootIsWhatIsNotMountedOtherwise() {
        Client client = Client.of(Mounts.of().withMount("/a", named("a")).withMount("/", named("root")));

        assertThat(client.get("/x").send().text()).isEqualTo("root [] [/x]");
        assertThat(client.get("/a/x").send().text()).isEqualTo("a [/a] [/x]");
    }

    @Test
    void aWrongPrefixStopsTheStart() {
        Mounts mounts = Mounts.of().withMount("/a", named("a"));

        assertThatThrownBy(() -> mounts.withMount("b", named("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"b\" must start with a slash");
        assertThatThrownBy(() -> mounts.withMount("/a/", named("b"))).hasMessageContaining("already");
    }

    @Test
    void theHooksOfAllApplicationsAreRunOnce() throws Exception {
        Hooked twice = new Hooked("a");
        Mounts mounts = Mounts.of(new Hooked("other"))
                .withMount("/a", twice)
                .withMount("/b", named("b"))
                .withMount("/c", twice)
                .withMount("/d", Mounts.of().withMount("/e", new Hooked("e")));

        mounts.start();
        mounts.stop();

        assertThat(called).containsExactly("start other", "start a", "start e", "stop e", "stop a", "stop other");
    }

    @Test
    void whatWasStartedBeforeAFailureIsStopped() {
        Mounts mounts = Mounts.of(new Hooked("other"))
                .withMount("/a", new Hooked("a").failingAt("stop"))
                .withMount("/b", new Hooked("b").failingAt("start"))
                .withMount("/c", new Hooked("c"));

        assertThatThrownBy(mounts::start).hasMessage("b fails at start").satisfies(failure -> assertThat(
                        failure.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("a fails at stop"));
        assertThat(called).containsExactly("start other", "start a", "start b", "stop a", "stop other");
    }

    @Test
    void aFailingStopKeepsNoOtherFromBeingStopped() {
        Mounts mounts = Mounts.of(new Hooked("other")).withMount("/a", new Hooked("a").failingAt("stop"));

        assertThatThrownBy(mounts::stop).hasMessage("a fails at stop");
        assertThat(called).containsExactly("stop a", "stop other");
    }
}

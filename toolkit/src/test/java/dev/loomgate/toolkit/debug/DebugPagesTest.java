package dev.loomgate.toolkit.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.proxy.ProxyFix;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebugPagesTest {
    // Up here, for the lines around the requests are on the page.
    private static final String SECRET = "hunter" + 2;

    private static final Application FAILING = (environ, _) -> {
        try {
            throw new IllegalArgumentException("the inner <b>cause</b>");
        } catch (IllegalArgumentException e) {
            IllegalStateException outer = new IllegalStateException("no <script>user</script> " + environ.path(), e);
            outer.addSuppressed(new IOException("while closing"));
            throw outer; // the line that is shown
        }
    };

    record Problem(String type, String title, int status, String detail, List<String> trace) {}

    private final StringWriter log = new StringWriter();

    private Client client(DebugPages pages, Application application) {
        Application linted = new Lint().wrap(pages.wrap(application));
        try {
            if (linted instanceof Lifecycle hooks) {
                hooks.start();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return Client.of(logged(linted));
    }

    private Application logged(Application application) {
        return (environ, startResponse) -> {
            environ.put("wsgi.errors", new PrintWriter(log, true));
            return application.call(environ, startResponse);
        };
    }

    private TestResponse page(Application application) {
        return client(DebugPages.of(), application)
                .get("/users/7?a=1")
                .header("Accept", "text/html,*/*")
                .send();
    }

    @Test
    void aBrowserGetsAPageWithCausesAndSourceAndRequest() {
        TestResponse response = client(DebugPages.of(), FAILING)
                .get("/users/7?a=1")
                .header("Accept", "text/html,*/*;q=0.8")
                .header("X-Marker", "<i>shown</i>")
                .header("Authorization", "Bearer " + SECRET)
                .header("Cookie", "session=" + SECRET)
                .send();

        assertThat(response.code()).isEqualTo(500);
        assertThat(response.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        assertThat(response.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(response.text())
                .contains("java.lang.IllegalStateException")
                .contains("<h1>no &lt;script&gt;user&lt;/script&gt; /users/7</h1>")
                .contains("<h2>Caused by <span class=type>java.lang.IllegalArgumentException</span></h2>")
                .contains("the inner &lt;b&gt;cause&lt;/b&gt;")
                .contains("<h2>Suppressed <span class=type>java.io.IOException</span></h2>")
                .containsPattern("<b><i> +\\d+ {2}</i>            IllegalStateException outer = new")
                .contains("// the line that is shown")
                .contains("GET /users/7?a=1")
                .contains("<td>X-Marker<td>&lt;i&gt;shown&lt;/i&gt;")
                .contains("<td>QUERY_STRING<td>a=1")
                .doesNotContain("<script")
                .doesNotContain("<i>shown")
                .doesNotContain(SECRET);
        assertThat(log.toString())
                .contains("IllegalStateException: no <script>user")
                .contains("Caused by: java.lang.IllegalArgumentException");
    }

    @ParameterizedTest
    @CsvSource({
        "*/*,                              text/plain; charset=utf-8",
        "'',                               text/plain; charset=utf-8",
        "application/json,                 application/problem+json",
        "application/problem+json,         application/problem+json",
        "'text/html,application/json',     text/html; charset=utf-8"
    })
    void othersGetTextOrJson(String accept, String type) {
        TestResponse response = client(DebugPages.of(), FAILING)
                .get("/")
                .header("Accept", accept)
                .send();

        assertThat(response.header("Content-Type")).isEqualTo(type);
        assertThat(response.text()).contains("the inner ");
        if (type.endsWith("json")) {
            Problem problem = response.json(Problem.class);
            assertThat(problem.title()).isEqualTo("java.lang.IllegalStateException");
            assertThat(problem.status()).isEqualTo(500);
            assertThat(problem.detail()).isEqualTo("no <script>user</script> /");
            assertThat(problem.trace())
                    .contains("Caused by: java.lang.IllegalArgumentException: the inner <b>cause</b>");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,        localhost,            true",
        "127.8.9.1,        127.0.0.1:8000,       true",
        "::1,              '[::1]:8000',         true",
        "::ffff:127.0.0.1, shop.localhost:8000,  true",
        "10.0.0.1,         localhost,            false",
        "2001:db8::1,      localhost,            false",
        "unknown,          localhost,            false",
        "'',               localhost,            false",
        "127.0.0.1,        example.org,          false",
        "127.0.0.1,        localhost.evil.org,   false",
        "127.0.0.1,        127.0.0.1.evil.org,   false",
        "127.0.0.1,        10.0.0.1,             false",
        "127.0.0.1,        '',                   false"
    })
    void onlyThisMachineIsShownIt(String peer, String host, boolean shown) {
        Application application = logged(DebugPages.of().wrap(FAILING));
        Client client = Client.of((environ, startResponse) -> {
            environ.put("REMOTE_ADDR", peer);
            environ.put("HTTP_HOST", host);
            return application.call(environ, startResponse);
        });

        if (shown) {
            assertThat(client.get("/").send().code()).isEqualTo(500);
        } else {
            assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"})
    void noProxyHeaderMakesAStrangerThisMachine(String header) {
        for (ProxyFix fix :
                List.of(ProxyFix.of(), ProxyFix.of().withXFor(1), ProxyFix.of().withForwarded(1))) {
            Application application = fix.wrap(DebugPages.of().wrap(FAILING));
            Client local = Client.of(application);
            Client stranger = Client.of((environ, startResponse) -> {
                environ.put("REMOTE_ADDR", "203.0.113.5");
                return application.call(environ, startResponse);
            });
            for (String value : List.of("127.0.0.1", "for=127.0.0.1", "203.0.113.5")) {
                assertThatThrownBy(() -> stranger.get("/").header(header, value).send())
                        .isInstanceOf(IllegalStateException.class);
                // A proxy on this machine passes strangers' requests on.
                assertThatThrownBy(() -> local.get("/").header(header, value).send())
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void theRoutesOfAWebApplicationAreShown() {
        UrlMap<Application> map = UrlMap.of(
                Rule.<Application>of("/users/<int:id>", FAILING).withMethods("GET"), Rule.of("/<path:rest>", FAILING));

        assertThat(page(new WebApplication(map)).text())
                .contains("<h2>Routes</h2>")
                .contains("<td>/users/&lt;int:id&gt;<td>GET, HEAD<td>")
                .contains("<td>/&lt;path:rest&gt;<td>any<td>");
        assertThat(client(DebugPages.of().withRoutes(map), FAILING)
                        .get("/")
                        .header("Accept", "text/html")
                        .send()
                        .text())
                .contains("<h2>Routes</h2>");
        assertThat(page(FAILING).text()).doesNotContain("<h2>Routes</h2>");
    }

    @Test
    void aPythonTracebackIsShownLineByLine() {
        String traceback = """
            Traceback (most recent call last):
              File "app.py", line 3, in application
                raise ValueError("no <user>")
            ValueError: no <user>
            """;
        Application python = (_, _) -> {
            throw new Exception(traceback) {
                private static final long serialVersionUID = 1;

                @Override
                public synchronized Throwable fillInStackTrace() {
                    return this;
                }
            };
        };

        assertThat(page(python).text())
                .contains("<h1>ValueError: no &lt;user&gt;</h1>")
                .contains("<pre class=message>Traceback (most recent call last):\n  File &#34;app.py&#34;, line 3, in");
    }

    @Test
    void whatIsNoFailureIsLeftAlone() {
        Application notFound = (_, _) -> {
            throw new NotFound();
        };

        assertThat(client(DebugPages.of(), new Response("fine")).get("/").send().text())
                .isEqualTo("fine");
        assertThatThrownBy(() -> page(notFound)).isInstanceOf(NotFound.class);
    }

    @Test
    void anErrorIsShownLikeAnException() {
        Application deep = new Application() {
            @Override
            @SuppressWarnings("InfiniteRecursion")
            public Body call(Environ environ, StartResponse startResponse) throws Exception {
                return call(environ, startResponse);
            }
        };

        assertThat(page(deep).text()).contains("java.lang.StackOverflowError");
    }

    @Test
    void causesThatGoInCirclesEnd() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);

        assertThat(page((_, _) -> {
                            throw two;
                        })
                        .text())
                .contains("<h1>two</h1>")
                .containsOnlyOnce("<h2>Caused by");
    }

    @Test
    void aStreamThatFailsAtItsBeginningIsAPage() {
        Application early = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/csv"));
            return Body.stream(writer -> {
                writer.write("");
                throw new IllegalStateException("early");
            });
        };
        Application late = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/csv"));
            return Body.stream(writer -> {
                writer.write("a,b");
                throw new IllegalStateException("late");
            });
        };

        TestResponse response = page(early);
        assertThat(response.code()).isEqualTo(500);
        assertThat(response.text()).contains("<h1>early</h1>");
        assertThatThrownBy(() -> page(late)).hasMessage("late");
    }

    @Test
    void sourcesAreTakenFromTheirRootsOnly(@TempDir Path root) throws Exception {
        Path shop = Files.createDirectories(root.resolve("src/shop"));
        Files.writeString(shop.resolve("Cart.java"), "line 1\nline 2 <here>\nline 3\n");
        Files.writeString(root.resolve("Secret.java"), "secret\n");
        Application failing = (_, _) -> {
            Exception failure = new Exception("x");
            failure.setStackTrace(new StackTraceElement[] {
                new StackTraceElement("shop.Cart", "add", "Cart.java", 2),
                new StackTraceElement("shop.Cart", "add", "Cart.java", 99),
                new StackTraceElement("shop.Cart", "add", "../../Secret.java", 1),
                new StackTraceElement("shop.Cart", "add", null, 1),
                new StackTraceElement("java.util.List", "of", "List.java", 1)
            });
            throw failure;
        };

        String text = client(DebugPages.of().withSources(root.resolve("src")), failing)
                .get("/")
                .header("Accept", "text/html")
                .send()
                .text();

        assertThat(text)
                .contains("<i>    1  </i>line 1\n<b><i>    2  </i>line 2 &lt;here&gt;</b><i>    3  </i>line 3\n")
                .contains("1 frame of libraries")
                .doesNotContain("secret");
    }
}

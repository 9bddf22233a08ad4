package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.client.HttpPeer;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same servlets on Jetty's own connector and on ours: their answers are equal.
@Timeout(60)
class DifferentialTest {
    // Not for a servlet to say: the container adds them.
    private static final Set<String> OF_THE_CONTAINER = Set.of("date", "server", "connection", "transfer-encoding");

    private static Server jetty;
    private static LocalServer ours;

    @BeforeAll
    static void start() throws Exception {
        jetty = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        jetty.addConnector(new ServerConnector(jetty, new HttpConnectionFactory(configuration)));
        jetty.setHandler(handler());
        jetty.getDescendants(ContextHandler.class).forEach(DifferentialTest::hideStacks);
        jetty.start();
        ours = LocalServer.serve(ServletApplication.of(handler()));
    }

    // Ours shows none by itself.
    private static void hideStacks(ContextHandler context) {
        ErrorHandler pages = context.getErrorHandler() instanceof ErrorHandler its ? its : new ErrorPageErrorHandler();
        pages.setShowStacks(false);
        pages.setShowCauses(false);
        context.setErrorHandler(pages);
    }

    private static Handler handler() {
        return new Handler.Sequence(new Site().context, new AsyncSite().context);
    }

    @AfterAll
    static void stop() throws Exception {
        ours.close();
        jetty.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /site/echo/a%20b?q=%C3%A9",
                "GET /site/echo/a;version=1/b?q=1&q=2",
                "GET /site/echo/a+b?q=a+b",
                "GET /site/echo/%C3%A9?q=",
                "GET /site/echo//a/./b/../c?q=1",
                "GET /site/echo/a%2Fb?q=1",
                "GET /site/echo/100%25?q=1",
                "GET /site/part",
                "HEAD /site/part",
                "HEAD /site/echo/x?q=1",
                "HEAD /site/empty",
                "HEAD /site/missing",
                "OPTIONS /site/part",
                "DELETE /site/part",
                "PUT /site/part",
                "GET /site/empty",
                "GET /site",
                "GET /site?a=b",
                "GET /site/",
                "GET /site/nothing",
                "GET /elsewhere",
                "GET /site/redirect",
                "GET /site/cookie",
                "GET /site/fails",
                "GET /site/missing",
                "GET /site/forward",
                "GET /site/include",
                "GET /site/session",
                "GET /site/async",
                "GET /site/timeout",
                "GET /site/tls",
                "GET /site/write-listener",
                "GET /site/form?tea=green&milk=1",
                "POST /site/form?tea=green tea=black&milk=no",
                "POST /site/read-listener tea and milk",
                "POST /site/count abcdef",
                "POST /site/empty abc",
                "POST /site/missing abc",
                "GET /async/dispatch",
                "GET /async/dispatch-fails",
                "GET /async/begun-fails",
                "GET /async/held",
                "GET /async/fails",
                "GET /async/listened-timeout",
                "GET /async/unlistened-timeout"
            })
    void answersAreEqual(String request) throws Exception {
        try (HttpClient client = visitor()) {
            assertThat(ask(client, ours.address().getPort(), request)).isEqualTo(ask(client, port(), request));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/form-data|tea",
                "multipart/form-data; boundary=|--",
                "multipart/form-data; boundary=x|",
                "multipart/form-data; boundary=x|no boundary at all",
                "multipart/form-data; boundary=x|--x",
                "multipart/form-data; boundary=x|--x--",
                "multipart/form-data; boundary=x|--x~~tea~--x--~",
                "multipart/form-data; boundary=x|--x~Content-Disposition: form-data~~tea~--x--~",
                "multipart/form-data; boundary=x|--x~Content-Disposition: form-data; name=\"other\"~~tea~--x--~",
                "multipart/form-data; boundary=x|--x~Content-Disposition: form-data; name=\"file\"~~tea",
                "multipart/form-data; boundary=x|--x~no field~~tea~--x--~",
                "text/plain|tea"
            })
    void answersToBadUploadsAreEqual(String type, @Nullable String body) throws Exception {
        String sent = body == null ? "" : body.replace("~", "\r\n");
        try (HttpClient client = visitor()) {
            assertThat(upload(client, ours.address().getPort(), type, sent))
                    .isEqualTo(upload(client, port(), type, sent));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /site/../site/part",
                "GET /site/..;/part",
                "GET /site/%2e%2e/part",
                "GET /site/%2E./part",
                "GET /site/%00",
                "GET /site/%zz",
                "GET /site/%c0%ae",
                "GET /site/a\\b",
                "GET //site/part",
                "GET /WEB-INF/web.xml",
                "GET /site/WEB-INF/web.xml",
                "GET /site/part?%zz",
                "OPTIONS *"
            })
    void strangeTargetsAreAnsweredEqually(String request) throws Exception {
        assertThat(status(ours.address(), request))
                .isEqualTo(status(new InetSocketAddress(ours.address().getAddress(), port()), request));
    }

    private static int status(InetSocketAddress address, String request) throws Exception {
        try (HttpPeer peer = HttpPeer.to(address)) {
            return peer.send(request + " HTTP/1.1\r\nHost: a\r\n\r\n").answer().status();
        }
    }

    private static String upload(HttpClient client, int port, String type, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/site/upload");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        return shown(answer, port);
    }

    @Test
    void aVisitorsSessionIsEqual() throws Exception {
        List<String> visit = List.of("GET /site/session", "GET /site/session", "GET /site/login", "GET /site/session");
        try (HttpClient first = visitor();
                HttpClient second = visitor()) {
            for (String request : visit) {
                assertThat(ask(first, ours.address().getPort(), request)).isEqualTo(ask(second, port(), request));
            }
        }
    }

    private static HttpClient visitor() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
    }

    private static int port() {
        return ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    }

    /// @param text method, target and perhaps a form
    private static String ask(HttpClient client, int port, String text) throws Exception {
        String[] parts = text.split(" ", 3);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + parts[1]));
        if (parts.length == 3) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .method(parts[0], BodyPublishers.ofString(parts[2]));
        } else {
            request.method(parts[0], BodyPublishers.noBody());
        }
        return shown(client.send(request.build(), BodyHandlers.ofString()), port);
    }

    private static String shown(HttpResponse<String> answer, int port) {
        return (answer.statusCode() + "\n" + fields(answer) + "\n" + answer.body())
                .replace(":" + port, ":PORT")
                .replaceAll("Expires=[^;]+", "Expires=SOON")
                .replaceAll("node0\\w+", "SESSION")
                .replaceAll("Default404Servlet-\\w+", "Default404Servlet");
    }

    // Jetty names that servlet by a number of any length.
    private static String fields(HttpResponse<String> answer) {
        TreeMap<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(answer.headers().map());
        OF_THE_CONTAINER.forEach(fields::remove);
        if (answer.body().contains("Default404Servlet-")) {
            fields.remove("content-length");
        }
        return fields.toString();
    }
}

package dev.loomgate.bench.arena;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpVersionNotSupported;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Gzip;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.io.OutputStream;
import java.time.Duration;

/// Loomgate's: routes, Gzip and static files of the toolkit, on one loop. HTTP/1.1 is refused by the
/// application where HTTP/2 alone is to be spoken, since the server speaks both.
public final class LoomgateEntry {
    /// `?a=13&b=42`
    record Terms(int a, int b) {
        String sum() {
            return Integer.toString(a + b);
        }
    }

    /// `?m=3`
    record Multiplier(int m) {}

    static final class Echo {
        void websocket(WebSocket socket) throws Exception {
            while (true) {
                switch (socket.receive()) {
                    case WebSocket.Text text -> socket.send(text.content());
                    case WebSocket.Binary binary -> socket.send(binary.content());
                    case WebSocket.Closed _ -> {
                        return;
                    }
                }
            }
        }
    }

    private LoomgateEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) throws Exception {
        Application application = application(places);
        ServerOptions options = ServerOptions.builder()
                .loops(1)
                .accessLog(false)
                .tls(TlsOptions.builder()
                        .certificate(new TlsOptions.CertificateFiles(
                                places.certificate().certificate(),
                                places.certificate().key()))
                        .build())
                .build();
        Server server = Server.builder(application)
                .listen(ListenAddress.http(places.http().hostAndPort()))
                .listen(ListenAddress.https(places.https().hostAndPort()))
                .listen(ListenAddress.https(places.h2().hostAndPort()))
                .options(options)
                .start();
        Server http2 = Server.builder(http2Only(application))
                .listen(ListenAddress.http(places.h2c().hostAndPort()))
                .options(options)
                .start();
        return () -> {
            server.stop(Duration.ofSeconds(1));
            http2.stop(Duration.ofSeconds(1));
        };
    }

    static Application application(Places places) {
        Dataset dataset = Dataset.read(places);
        Application application = WebApplication.of(
                Route.get("/baseline11", Terms.class, (_, terms) -> terms.sum()),
                Route.post("/baseline11", LoomgateEntry::sumWithBody),
                Route.get("/baseline2", Terms.class, (_, terms) -> terms.sum()),
                Route.get("/pipeline", _ -> "ok"),
                Route.get(
                        "/json/<int:count>",
                        int.class,
                        Multiplier.class,
                        (_, count, multiplier) -> dataset.first(count, multiplier.m())),
                Route.post(
                        "/upload",
                        request -> Long.toString(request.stream().transferTo(OutputStream.nullOutputStream()))),
                Rule.of("/ws", Echo.class).asWebsocket());
        return StaticFiles.of("/static", places.statics())
                .withPrecompressed()
                .wrap(Gzip.of().wrap(application));
    }

    private static String sumWithBody(Request request) {
        int a = request.args().required("a", Integer.class);
        int b = request.args().required("b", Integer.class);
        return Integer.toString(a + b + Integer.parseInt(request.text()));
    }

    private static Application http2Only(Application application) {
        return (environ, startResponse) -> environ.text("SERVER_PROTOCOL", "").startsWith("HTTP/1")
                ? new HttpVersionNotSupported().call(environ, startResponse)
                : application.call(environ, startResponse);
    }
}

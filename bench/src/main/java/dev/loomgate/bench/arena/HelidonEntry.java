package dev.loomgate.bench.arena;

import dev.loomgate.bench.peers.Listening;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.staticcontent.FileSystemHandlerConfig;
import io.helidon.webserver.staticcontent.StaticContentFeature;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.net.ssl.SSLContext;

/// Helidon WebServer at its defaults: a virtual thread for a connection on the JDK's scheduler, JSON by
/// Jackson. Without its module for gzip, so that it has no part in `json-comp`; its static content
/// knows no `.gz` beside a file.
public final class HelidonEntry {
    private HelidonEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) throws Exception {
        SSLContext context = Listening.context(places.certificate().store());
        Tls tls = Tls.builder().sslContext(context).build();
        Tls h2 = Tls.builder().sslContext(context).addApplicationProtocol("h2").build();
        HttpRouting.Builder routing = routing(places);
        WebServer server = WebServer.builder()
                .host(Places.HOST)
                .port(places.http().port())
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.create())
                .addProtocol(WsConfig.create())
                .routing(routing)
                .addRouting(WsRouting.builder().endpoint("/ws", new Echo()))
                .putSocket("https", socket -> socket.host(Places.HOST)
                        .port(places.https().port())
                        .protocolsDiscoverServices(false)
                        .addProtocol(Http1Config.create())
                        .tls(tls)
                        .routing(routing(places)))
                .putSocket("h2c", socket -> socket.host(Places.HOST)
                        .port(places.h2c().port())
                        .protocolsDiscoverServices(false)
                        .addProtocol(Http2Config.create())
                        .routing(routing(places)))
                .putSocket("h2", socket -> socket.host(Places.HOST)
                        .port(places.h2().port())
                        .tls(h2)
                        .routing(routing(places)))
                .build()
                .start();
        return server::stop;
    }

    private static HttpRouting.Builder routing(Places places) {
        Dataset dataset = Dataset.read(places);
        return HttpRouting.builder()
                .get("/baseline11", (request, response) -> text(response, sum(request)))
                .post(
                        "/baseline11",
                        (request, response) -> text(
                                response,
                                sum(request)
                                        + Integer.parseInt(request.content().as(String.class))))
                .get("/baseline2", (request, response) -> text(response, sum(request)))
                .get("/pipeline", (_, response) -> response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN)
                        .send("ok"))
                .get("/json/{count}", (request, response) -> response.header(HeaderValues.CONTENT_TYPE_JSON)
                        .send(dataset.first(
                                Integer.parseInt(request.path().pathParameters().get("count")),
                                Integer.parseInt(request.query().get("m")))))
                .post("/upload", HelidonEntry::upload)
                .register(
                        "/static",
                        StaticContentFeature.createService(FileSystemHandlerConfig.create(places.statics())));
    }

    private static int sum(ServerRequest request) {
        return Integer.parseInt(request.query().get("a"))
                + Integer.parseInt(request.query().get("b"));
    }

    private static void text(ServerResponse response, long number) {
        response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN).send(Long.toString(number));
    }

    private static void upload(ServerRequest request, ServerResponse response) throws IOException {
        try (InputStream body = request.content().inputStream()) {
            text(response, body.transferTo(OutputStream.nullOutputStream()));
        }
    }

    private static final class Echo implements WsListener {
        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            session.send(buffer, last);
        }
    }
}

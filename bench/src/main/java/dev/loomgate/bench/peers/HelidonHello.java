package dev.loomgate.bench.peers;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;

/// Helidon WebServer at its defaults: a virtual thread per connection on the JDK's scheduler. It always sends
/// Date.
public final class HelidonHello {
    private static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Hello.CONTENT_TYPE);

    private static final Header SERVER = HeaderValues.createCached(HeaderNames.SERVER, Hello.SERVER);

    private HelidonHello() {}

    public static void main(String[] args) {
        AutoCloseable unused = start(Hello.port(args));
    }

    public static AutoCloseable start(int port) {
        byte[] body = Hello.bytes();
        WebServer server = WebServer.builder()
                .host(Hello.HOST)
                .port(port)
                .backlog(Hello.BACKLOG)
                .addProtocol(Http1Config.builder().sendKeepAliveHeader(false).build())
                .addProtocol(Http2Config.create())
                .routing(routing -> routing.get("/", (request, response) -> response.header(CONTENT_TYPE)
                        .header(SERVER)
                        .send(body)))
                .build()
                .start();
        return server::stop;
    }
}

package dev.loomgate.bench.peers;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import javax.net.ssl.SSLContext;

/// Helidon WebServer at its defaults: a virtual thread per connection on the JDK's scheduler. It always sends
/// Date.
public final class HelidonHello {
    private static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Hello.CONTENT_TYPE);

    private static final Header SERVER = HeaderValues.createCached(HeaderNames.SERVER, Hello.SERVER);

    private HelidonHello() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Listening.of(args));
    }

    public static AutoCloseable start(Listening listening) throws Exception {
        byte[] body = Hello.bytes();
        WebServerConfig.Builder builder = WebServer.builder();
        if (listening.store().isPresent()) {
            SSLContext tls = Listening.context(listening.store().get());
            builder.tls(config -> config.sslContext(tls));
        }
        WebServer server = builder.host(Hello.HOST)
                .port(listening.port())
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

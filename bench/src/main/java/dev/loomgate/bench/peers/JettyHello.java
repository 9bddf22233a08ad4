package dev.loomgate.bench.peers;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// Jetty 12's core without servlets at its default threads, with a handler declared as not blocking, so that Jetty
/// may run it where the request was read; with its own Date. HTTP/2 as well, without TLS.
public final class JettyHello {
    private JettyHello() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Listening.of(args));
    }

    public static AutoCloseable start(Listening listening) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        Server server = new Server();
        ServerConnector connector = listening
                .store()
                .map(store -> new ServerConnector(server, tls(store), new HttpConnectionFactory(configuration)))
                .orElseGet(() -> new ServerConnector(
                        server,
                        new HttpConnectionFactory(configuration),
                        new HTTP2CServerConnectionFactory(configuration)));
        connector.setHost(Hello.HOST);
        connector.setPort(listening.port());
        connector.setAcceptQueueSize(Hello.BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Answer());
        server.start();
        return server::stop;
    }

    private static SslContextFactory.Server tls(Path store) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword(Listening.PASSWORD);
        return tls;
    }

    private static final class Answer extends Handler.Abstract.NonBlocking {
        private static final HttpField CONTENT_TYPE =
                new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Hello.CONTENT_TYPE);
        private static final HttpField SERVER = new PreEncodedHttpField(HttpHeader.SERVER, Hello.SERVER);
        private final ByteBuffer body = ByteBuffer.wrap(Hello.bytes());

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(200);
            response.getHeaders().put(CONTENT_TYPE);
            response.getHeaders().put(SERVER);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
            response.write(true, body.slice(), callback);
            return true;
        }
    }
}

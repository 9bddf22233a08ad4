package dev.loomgate.bench.peers;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// Jetty as in [JettyHello], with an echo of WebSocket messages at `/echo`.
public final class JettyEcho {
    private JettyEcho() {}

    public static void main(String[] args) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(Hello.HOST);
        connector.setPort(Listening.of(args).port());
        connector.setAcceptQueueSize(Hello.BACKLOG);
        server.addConnector(connector);
        WebSocketUpgradeHandler upgrades = WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.addMapping("/echo", (request, response, callback) -> new Echo());
        });
        upgrades.setHandler(new Answer());
        server.setHandler(upgrades);
        server.start();
    }

    /// Public as Jetty wants it.
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            getSession().sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    private static final class Answer extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, Hello.TEXT.length());
            response.write(true, ByteBuffer.wrap(Hello.bytes()), callback);
            return true;
        }
    }
}

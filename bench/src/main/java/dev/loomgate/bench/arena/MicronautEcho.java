package dev.loomgate.bench.arena;

import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.CompletableFuture;

/// What [MicronautEntry] sends back.
@ServerWebSocket("/ws")
class MicronautEcho {
    @OnMessage
    CompletableFuture<?> echo(WebSocketFrame frame, WebSocketSession session) {
        return frame instanceof TextWebSocketFrame text
                ? session.sendAsync(text.text())
                : session.sendAsync(frame.content().retain());
    }
}

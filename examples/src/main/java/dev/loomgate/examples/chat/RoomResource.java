package dev.loomgate.examples.chat;

import dev.loomgate.gateway.WebSocket;
import java.io.IOException;

/// One member's conversation: a loop that reads what the member writes, until it leaves.
final class RoomResource {
    void websocket(WebSocket socket, String room) throws IOException, InterruptedException {
        Room joined = Room.named(room);
        Member member = joined.join(socket);
        try {
            while (socket.receive() instanceof WebSocket.Text text) {
                joined.say(text.content());
            }
        } finally {
            joined.leave(member);
        }
    }
}

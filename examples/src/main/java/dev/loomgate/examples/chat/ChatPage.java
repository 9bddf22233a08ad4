package dev.loomgate.examples.chat;

import dev.loomgate.toolkit.Response;

/// `GET /<room>`: what a browser shows.
final class ChatPage {
    private static final String PAGE = """
            <!DOCTYPE html>
            <title>Chat</title>
            <ul id="said"></ul>
            <form id="form"><input id="text" autocomplete="off" autofocus><button>Say</button></form>
            <script>
              const socket = new WebSocket(location.href.replace(/^http/, "ws") + "/messages");
              socket.onmessage = event => {
                const line = document.createElement("li");
                line.textContent = event.data;
                said.append(line);
              };
              form.onsubmit = event => {
                event.preventDefault();
                socket.send(text.value);
                text.value = "";
              };
            </script>
            """;

    Response get(String room) {
        return new Response(PAGE).header("Content-Type", "text/html; charset=utf-8");
    }
}

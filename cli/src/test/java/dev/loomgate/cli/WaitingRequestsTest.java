package dev.loomgate.cli;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where no worker has room, the log says that requests wait, and which option is in the way.
@Timeout(120)
class WaitingRequestsTest {
    private static final String ASGI = """
            async def application(scope, receive, send):
                if scope["type"] == "websocket":
                    await receive()
                    await send({"type": "websocket.accept"})
                    await receive()
                    await receive()
                elif scope["type"] == "http":
                    await send({"type": "http.response.start", "status": 200, "headers": []})
                    await send({"type": "http.response.body", "body": b"hello"})
            """;
    private static final String WSGI = """
            import os
            import time

            def application(environ, start_response):
                while environ["PATH_INFO"] == "/slow" and not os.path.exists("go"):
                    time.sleep(0.01)
                start_response("200 OK", [])
                return [b"hello"]
            """;

    @TempDir
    private Path directory;

    private LoomgateProcess start(String program, String... options) throws Exception {
        Files.writeString(directory.resolve("program.py"), program);
        String[] command = {"--http", "127.0.0.1:0", "--python", Python.DEBIAN, "-w", "program:application"};
        return LoomgateProcess.start(
                directory, Stream.of(command, options).flatMap(Arrays::stream).toArray(String[]::new));
    }

    @Test
    void whereWebSocketsHaveAllPlaces() throws Exception {
        try (LoomgateProcess loomgate = start(ASGI, "--asgi-requests", "1");
                WebSocketPeer socket = WebSocketPeer.to(loomgate.address(), "/");
                HttpPeer peer = HttpPeer.to(loomgate.address())) {
            peer.get("/waits");
            loomgate.await(Pattern.compile("WARNING GET /waits: has waited 5s for a worker, and 0 more behind it: "
                    + "the worker has as many requests as allowed by --asgi-requests: 1, of which WebSockets: 1"));
            socket.text("enough");
            peer.answer();
        }
    }

    @Test
    void whereSlowRequestsHaveThem() throws Exception {
        try (LoomgateProcess loomgate = start(WSGI, "--processes", "1", "--direct", "off");
                HttpPeer slow = HttpPeer.to(loomgate.address());
                HttpPeer first = HttpPeer.to(loomgate.address());
                HttpPeer second = HttpPeer.to(loomgate.address())) {
            slow.get("/slow");
            first.get("/first");
            second.get("/second");
            loomgate.await(Pattern.compile("WARNING GET /\\w+: has waited 5s for a worker, and 1 more behind it: "
                    + "the worker has as many requests as allowed by --processes: 1\n"));
            Files.createFile(directory.resolve("go"));
            slow.answer();
            first.answer();
            second.answer();
        }
    }
}

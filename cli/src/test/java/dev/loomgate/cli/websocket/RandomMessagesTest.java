package dev.loomgate.cli.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.server.WebSocketOptions.Compression;
import dev.loomgate.testkit.peers.Python;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random messages there and back, by the clients that programs use: websockets (Python) and ws (node). `./verify` has
/// 1,000 of them, `./verify long` 10,000 (`loomgate.test.messages`).
@Timeout(1200)
class RandomMessagesTest {
    private static final int MESSAGES = Integer.getInteger("loomgate.test.messages", 1000);

    // Two clients with four servers, by three kinds of compression.
    private static final int CONVERSATIONS = 24;

    private static String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NODE_PATH", "/usr/share/nodejs"); // Debian's modules, for any node
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @EnumSource
    void comeBackAsTheyWere(Compression compression, @TempDir Path directory) throws Exception {
        String client = EchoServers.copy("client.py", directory).toString();
        String script = EchoServers.copy("client.js", directory).toString();
        int count = MESSAGES / CONVERSATIONS + 1;
        boolean off = compression == Compression.OFF;
        try (EchoServers servers = new EchoServers(
                directory, WebSocketOptions.builder().compression(compression).build())) {
            for (String address : servers.addresses().values()) {
                assertThat(run(List.of(Python.DEBIAN, client, address, Integer.toString(count))))
                        .isEqualTo(count + " 3001" + (off ? "" : " permessage-deflate"));
                assertThat(run(List.of("node", script, address, Integer.toString(count))))
                        .isEqualTo((count + " 3001 " + (off ? "" : "permessage-deflate")).strip());
            }
        }
    }
}

package dev.loomgate.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisQueue;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.test.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program of docs/queue.md: one server takes orders, another one sends the mails.
@Timeout(120)
class OrdersTest {
    private static final byte[] ANN = {'a', 'n', 'n'};

    @TempDir
    private Path directory;

    @Test
    void thePageShowsThisProgram() throws Exception {
        String program = Files.readString(Path.of("src/test/java/dev/loomgate/shop/Orders.java"));

        assertThat(Files.readString(Path.of("..", "docs/queue.md")))
                .contains(program.substring(program.indexOf("import")));
    }

    @Test
    void anotherServerSendsTheMails() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        try (RedisServer server = RedisServer.start(directory);
                Redis here = Redis.open(server.uri());
                Redis there = Redis.open(server.uri());
                Client client = Client.of(Orders.site(RedisQueue.of(here, "mails")))) {
            RedisQueue mails = RedisQueue.of(there, "mails");
            try (Spooler spooler = Orders.spooler(mails, (to, text, id) -> sent.add(to + ": " + text))) {
                assertThat(client.post("/orders").body(ANN, "text/plain").send().text())
                        .isEqualTo("ordered");
                Eventually.await("it is sent", () -> mails.counts().done() == 1);

                assertThat(spooler).isNotNull();
                assertThat(sent).containsExactly("ann: Thank you for your order.");
                assertThat(mails.counts().later()).isEqualTo(1);
            }
        }
    }
}

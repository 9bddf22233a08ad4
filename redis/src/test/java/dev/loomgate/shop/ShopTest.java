package dev.loomgate.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.Redis;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program of docs/redis.md, on two servers.
@Timeout(120)
class ShopTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private static final byte[] ADA = {'a', 'd', 'a'};

    @TempDir
    private Path directory;

    @Test
    void thePageShowsThisProgram() throws Exception {
        String program = Files.readString(Path.of("src/test/java/dev/loomgate/shop/Shop.java"));

        assertThat(Files.readString(Path.of("..", "docs/redis.md")))
                .contains(program.substring(program.indexOf("import")));
    }

    @Test
    void twoServersAreOneShop() throws Exception {
        try (RedisServer server = RedisServer.start(directory);
                Redis here = Redis.open(server.uri());
                Redis there = Redis.open(server.uri());
                Client one = Client.of(Shop.site(here, KEY));
                Client other = Client.of(Shop.site(there, KEY));
                TestEvents events = other.events("/news")) {
            assertThat(one.post("/login").body(ADA, "text/plain").send().text()).isEqualTo("welcome");
            other.cookies().set("session", one.cookies().value("session").orElseThrow());
            assertThat(other.get("/").send().text()).isEqualTo("ada");

            assertThat(one.get("/price/acme").send().text()).isEqualTo("acme: 42");
            assertThat(other.get("/price/acme").send().text()).isEqualTo("acme: 42");

            String id = one.post("/news").body(ADA, "text/plain").send().text();
            assertThat(events.take().orElseThrow().id()).contains(id);
        }
    }
}

package dev.loomgate.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.postgresql.Postgres;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.toolkit.spooler.SpoolFunction;
import dev.loomgate.toolkit.spooler.SpoolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The program and the tables of docs/postgresql.md.
@Timeout(120)
class LettersTest {
    private static final Path PAGE = Path.of("..", "docs/postgresql.md");

    @Test
    void thePageShowsThisProgramAndTheTables() throws Exception {
        String program = Files.readString(Path.of("src/test/java/dev/loomgate/shop/Letters.java"));

        assertThat(Files.readString(PAGE))
                .contains(program.substring(program.indexOf("import")))
                .contains(Postgres.tables());
    }

    @Test
    void aLetterIsSentByOneOfTwoServers() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        SpoolFunction send = run -> {
            sent.add(run.task().text("text").orElseThrow());
            return SpoolResult.OK;
        };
        try (PostgresServer server = PostgresServer.start();
                Letters here = new Letters(server.url(), send);
                Letters there = new Letters(server.url(), send)) {
            here.write("ann", "Hello");
            there.write("ben", "Goodbye");
            Eventually.await("both are sent", () -> sent.containsAll(List.of("Hello", "Goodbye")));

            assertThat(sent).doesNotHaveDuplicates();
        }
    }
}

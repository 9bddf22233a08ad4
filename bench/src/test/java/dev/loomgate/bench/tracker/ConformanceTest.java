package dev.loomgate.bench.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.tracker.helidon.HelidonSite;
import dev.loomgate.bench.tracker.javalin.JavalinSite;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.tracker.Database;
import dev.loomgate.tracker.Site;
import io.helidon.webserver.WebServer;
import io.javalin.Javalin;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The tracker and its twins answer the same requests alike, over HTTP.
class ConformanceTest {
    private static Map<String, String> original;

    @BeforeAll
    static void visitTheOriginal() throws Exception {
        try (Database database = database();
                Client client = Client.overHttp(Site.application(database, "a secret for tests"))) {
            original = Visit.answers(client);
        }
    }

    private static Database database() throws Exception {
        Database database = new Database("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        database.setPassword("admin", Visit.PASSWORD);
        return database;
    }

    private static void isTheSameAt(int port) throws Exception {
        try (Client client = Client.overHttp(URI.create("http://127.0.0.1:" + port))) {
            Map<String, String> answers = Visit.answers(client);
            SoftAssertions.assertSoftly(all -> original.forEach(
                    (what, answer) -> all.assertThat(answers.get(what)).as(what).isEqualTo(answer)));
        }
    }

    @Test
    void theOriginalHasWhatTheVisitTries() {
        assertThat(original.get("the list as a member")).startsWith("200\n").contains("Log out admin");
        assertThat(original.get("a blank title"))
                .startsWith("422\n")
                .contains("{message=must not be blank, pointer=/title}");
        assertThat(original.get("the file"))
                .startsWith("200\nfile: ein ä.html\n")
                .endsWith("\n<i>ä</i>");
        assertThat(original.get("a large file")).isEqualTo("413");
        assertThat(original).containsEntry("one event", "added: 3").containsEntry("another event", "changed: 3");
    }

    @Test
    void javalinsAnswersTheSame() throws Exception {
        try (Database database = database()) {
            Javalin server = JavalinSite.application(database).start("127.0.0.1", 0);
            try {
                isTheSameAt(server.port());
            } finally {
                server.stop();
            }
        }
    }

    @Test
    void helidonsAnswersTheSame() throws Exception {
        try (Database database = database()) {
            WebServer server = HelidonSite.server(database)
                    .host("127.0.0.1")
                    .port(0)
                    .build()
                    .start();
            try {
                isTheSameAt(server.port());
            } finally {
                server.stop();
            }
        }
    }
}

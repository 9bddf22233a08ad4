package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.DashboardSite.Stream;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The dashboard of a running server, by HTTP.
@Timeout(180)
class DashboardTest {
    private static final int MOST_BYTES = 60_000;

    @TempDir
    private Path directory;

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    void thePageIsSmallNeedsNobodyElseAndRunsNothingForeign() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory);
                Stream stream = site.stream()) {
            List<String> files = new ArrayList<>(List.of("/", "/page.css", "/page.js", "/icon.svg"));
            names(stream.next("hello").get("panels")).forEach(name -> files.add("/panels/" + name + ".js"));
            int bytes = 0;
            for (String file : files) {
                HttpPeer.Answer answer = site.get(file);
                assertThat(answer.status()).as(file).isEqualTo(200);
                assertThat(answer.field("content-security-policy"))
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe", "*");
                assertThat(answer.field("x-frame-options")).isEqualTo("DENY");
                assertThat(answer.field("x-content-type-options")).isEqualTo("nosniff");
                assertThat(answer.field("cache-control")).isEqualTo("no-store");
                assertThat(answer.text().replace("http://www.w3.org/2000/svg", ""))
                        .as(file)
                        .doesNotContain("://", "innerHTML", " style=");
                bytes += answer.content().length;
            }
            assertThat(bytes).as("bytes of %s", files).isBetween(10_000, MOST_BYTES);
        }
    }

    @Test
    void theStreamTellsWhatTheServerDoesAndEndsWithIt() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory);
                Stream stream = site.stream()) {
            JsonNode hello = stream.next("hello");
            assertThat(hello.get("pid").asLong()).isEqualTo(site.process().pid());
            assertThat(hello.get("admin").asBoolean()).isFalse();
            for (int i = 0; i < 3; i++) {
                try (HttpPeer peer = site.askSite("/", "")) {
                    assertThat(peer.answer().text()).isEqualTo("hello");
                }
            }
            JsonNode panels = stream.tick(
                            "three requests",
                            tick -> tick.get("panels")
                                            .get("loops")
                                            .get("loops")
                                            .get(0)
                                            .get("requests")
                                            .asInt()
                                    == 3)
                    .get("panels");
            JsonNode route = panels.get("routes").get("slowest").get(0);
            assertThat(route.get("method").asString()).isEqualTo("GET");
            assertThat(route.get("count").asInt()).isEqualTo(3);
            assertThat(route.get("p99Nanos").asLong()).isPositive();
            assertThat(panels.get("limits").size()).isZero();
            JsonNode program = panels.get("workers").get(0);
            assertThat(program.get("name").asString()).isEqualTo("program");
            assertThat(program.get("generation").asInt()).isEqualTo(1);
            assertThat(program.get("workers").size()).isEqualTo(2);
            assertThat(program.get("workers").get(0).get("memory").asLong()).isGreaterThan(1 << 20);
            try (HttpPeer peer = site.askSite("/" + "x".repeat(20_000), "")) {
                assertThat(peer.answer().status()).isEqualTo(414);
            }
            JsonNode limit = stream.tick(
                            "a limit", tick -> !tick.get("panels").get("limits").isEmpty())
                    .get("panels")
                    .get("limits")
                    .get(0);
            assertThat(limit.toString()).isEqualTo("{\"option\":\"--max-uri\",\"count\":1}");
            JsonNode samples =
                    DashboardSite.JSON.readTree(site.get("/detail/history/all").content());
            assertThat(samples.size()).isPositive();
            assertThat(samples.get(0).get("memory").asLong()).isGreaterThan(10 << 20);

            site.process().signal("TERM");
            assertThat(stream.rest()).endsWith("0\r\n\r\n"); // whole, not broken off
            assertThat(site.process().status()).isZero();
        }
    }

    @Test
    void nothingIsDoneWithoutTheOptionThatAllowsIt() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory)) {
            HttpPeer.Answer refused = site.post("/action/workers/reload", "Accept: application/json\r\n");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("--dashboard-admin");
            assertThat(site.process().err()).doesNotContain("reload");
        }
    }

    @Test
    void onlyItsOwnPagesMayAct() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory, "--dashboard-admin")) {
            String own = site.page().getAuthority();
            String action = "/action/workers/reload";
            for (String foreign : List.of(
                    "Origin: http://evil.example\r\n",
                    "Origin: null\r\n",
                    "Origin: http://localhost:3000\r\n",
                    "Sec-Fetch-Site: cross-site\r\n",
                    "Sec-Fetch-Site: same-site\r\n")) {
                assertThat(site.post(action, foreign).status()).as(foreign).isEqualTo(403);
                assertThat(site.ask("GET", "/events", foreign, "").status())
                        .as(foreign)
                        .isEqualTo(403);
            }
            for (String name :
                    List.of("evil.example", "evil.example:" + site.page().getPort(), "127.0.0.1.evil.example")) {
                assertThat(site.ask("GET", "/", "Host: " + name + "\r\n", "").status())
                        .as(name)
                        .isEqualTo(400);
            }
            try (HttpPeer peer = site.peer()) {
                assertThat(peer.send("POST " + action + " HTTP/1.1\r\nHost: " + own
                                        + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
                                .answer()
                                .status())
                        .isEqualTo(415);
            }
            assertThat(site.get(action).status()).isEqualTo(405);
            assertThat(site.post("/action/workers/nonsense", "").status()).isEqualTo(404);
            assertThat(site.post("/action/nonsense/reload", "").status()).isEqualTo(404);
            assertThat(site.process().err()).doesNotContain("reload");

            // Through ssh -L the port is another one.
            HttpPeer.Answer done = site.ask(
                    "POST",
                    action,
                    "Host: localhost:9000\r\nOrigin: http://localhost:9000\r\nSec-Fetch-Site: same-origin\r\n",
                    "{\"subject\":\"\"}");
            assertThat(done.status()).as(done.text()).isEqualTo(200);
            assertThat(done.text()).contains("being reloaded");
            try (Stream stream = site.stream()) {
                stream.tick(
                        "another generation",
                        tick -> tick.get("panels")
                                        .get("workers")
                                        .get(0)
                                        .get("generation")
                                        .asInt()
                                == 2);
            }
            assertThat(site.process().err()).contains("--dashboard: the Python applications are being reloaded");
        }
    }

    @Test
    void secretsAreNowhere() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory);
                Stream stream = site.stream()) {
            stream.next("message");
            String secrets = "Cookie: session=SECRET1\r\nAuthorization: Basic SECRET2\r\nX-Api-Key: SECRET3\r\n"
                    + "Proxy-Authorization: SECRET4\r\n";
            try (HttpPeer failed = site.askSite("/fail?shown=1", secrets);
                    HttpPeer sleeping = site.askSite("/sleep?shown=2", secrets)) {
                assertThat(failed.answer().status()).isEqualTo(500);
                JsonNode tick = stream.tick(
                        "a request runs",
                        each -> each.get("panels").get("log").toString().contains("/fail?shown=1")
                                && each.get("panels").get("requests").toString().contains("/sleep?shown=2"));
                String found = stream.text();
                for (JsonNode line : tick.get("panels").get("log")) {
                    found += site.get("/detail/log/" + line.get("request").asString())
                            .text();
                }
                for (JsonNode request : tick.get("panels").get("requests").get("oldest")) {
                    HttpPeer.Answer stack =
                            site.get("/detail/requests/" + request.get("id").asString());
                    assertThat(stack.text()).contains("sleep_long");
                    found += stack.text();
                }
                assertThat(found).contains("shown=1", "shown=2").doesNotContain("SECRET");
                assertThat(sleeping).isNotNull();
            }
        }
    }

    @Test
    void moreThanSoManyPagesAreRefusedAndAClosedOneMakesRoom() throws Exception {
        try (DashboardSite site = DashboardSite.start(directory, "--dashboard-clients", "2");
                Stream first = site.stream()) {
            first.next("message");
            try (Stream second = site.stream()) {
                second.next("message");
                HttpPeer.Answer refused = site.ask("GET", "/events", "Accept: application/json\r\n", "");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.text()).contains("2 pages", "--dashboard-clients");
            }
            Eventually.await("there is room", () -> {
                try (HttpPeer peer = site.peer()) {
                    return peer.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .line()
                            .contains("200");
                }
            });
            first.next("message");
        }
    }

    @Test
    void aUnixSocketIsForTheServersUserAlone() throws Exception {
        Path socket = directory.resolve("dashboard.sock");
        try (LoomgateProcess demo =
                LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0", "--dashboard", "dashboard.sock")) {
            Eventually.await("the socket is there", () -> Files.exists(socket));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: localhost:9000\r\nConnection: close\r\n\r\n")
                                .receiveText())
                        .contains("200 OK", "page.js");
            }
            demo.signal("TERM");
            assertThat(demo.status()).isZero();
            assertThat(socket).doesNotExist();
        }
    }
}

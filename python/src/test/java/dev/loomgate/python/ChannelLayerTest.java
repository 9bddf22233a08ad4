package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The layer between the workers of one server, with Django Channels (Debian's) and without: `channel_layers/`.
@Timeout(120)
@Tag("timing")
final class ChannelLayerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private PythonApplication application;
    private Server server;

    /// A socket of the chat, and where it is.
    private record Member(WebSocketPeer socket, long pid, String channel) implements AutoCloseable {
        String next() throws Exception {
            return socket.next().text();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void start(String resource, WorkerMode mode) throws Exception {
        start(resource, mode, MuleOptions.builder());
    }

    private void start(String resource, WorkerMode mode, MuleOptions.Builder mules) throws Exception {
        TestPrograms.copy("channel_layers/" + resource + ".py", directory);
        application = PythonApplication.of(TestPrograms.options(directory, resource)
                .environment(TestPrograms.environment(directory))
                .processes(2)
                .mode(mode)
                .mules(mules.build())
                .build());
        server = Servers.start(application);
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(20));
    }

    private Member member(String path) throws Exception {
        WebSocketPeer socket = WebSocketPeer.to(server.addresses().getFirst().socketAddress(), path);
        String[] first = socket.next().text().split(" ", 2);
        return new Member(socket, Long.parseLong(first[0]), first[1]);
    }

    private JsonNode ask(String target) throws Exception {
        return JSON.readTree(Servers.ask(server, target).text());
    }

    private void await(String figure, long expected) throws Exception {
        List<JsonNode> seen = new ArrayList<>();
        Eventually.await(() -> figure + " isn't " + expected + ": " + seen.getLast(), () -> {
            seen.add(ask("/counts"));
            return seen.getLast().path(figure).asLong(-1) == expected;
        });
    }

    @Test
    void messagesReachSocketsInBothWorkers() throws Exception {
        start("chat_site", new WorkerMode.Sync());
        try (Member one = member("/chat");
                Member two = member("/chat");
                Member three = member("/plain");
                Member four = member("/plain")) {
            assertThat(one.pid()).isNotEqualTo(two.pid());
            List<Member> all = List.of(one, two, three, four);
            for (Member each : all) {
                each.socket().text("from " + each.channel());
                for (Member other : all) {
                    assertThat(other.next()).isEqualTo("from " + each.channel());
                }
            }
            assertThat(Servers.ask(server, "/say/aloud").text()).isEqualTo("said");
            for (Member each : all) {
                assertThat(each.next()).isEqualTo("aloud");
            }
            for (Member each : all) {
                assertThat(Servers.ask(server, "/whisper/" + each.channel() + "/low")
                                .text())
                        .isEqualTo("whispered");
                assertThat(each.next()).isEqualTo("low");
            }
            assertThat(ask("/counts").path("processes").asLong()).isEqualTo(2);
            assertThat(ask("/counts").path("dropped").asLong()).isZero();
        }
        await("groups", 0);
    }

    @Test
    void manyMessagesComeInTheirOrderToAll() throws Exception {
        start("chat_site", new WorkerMode.Sync());
        try (Member one = member("/chat");
                Member two = member("/chat")) {
            for (int i = 0; i < 300; i++) {
                one.socket().text("one " + i);
                two.socket().text("two " + i);
            }
            List<String> heard = heard(one);
            assertThat(heard(two)).isEqualTo(heard);
            for (String who : List.of("one", "two")) {
                assertThat(heard.stream().filter(text -> text.startsWith(who)))
                        .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                                .limit(300)
                                .map(i -> who + " " + i)
                                .toList());
            }
        }
    }

    private static List<String> heard(Member member) throws Exception {
        List<String> heard = new ArrayList<>();
        while (heard.size() < 600) {
            heard.add(member.next());
        }
        return heard;
    }

    @Test
    void aWorkerThatIsKilledLeavesNoMembersBehind() throws Exception {
        start("chat_site", new WorkerMode.Sync());
        try (Member one = member("/chat");
                Member two = member("/chat")) {
            assertThat(one.pid()).isNotEqualTo(two.pid());
            assertThat(ProcessHandle.of(one.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
            await("processes", 1);
            two.socket().text("still here");
            assertThat(two.next()).isEqualTo("still here");
            // Nobody receives from it any more.
            assertThat(Servers.ask(server, "/whisper/" + one.channel() + "/low").text())
                    .isEqualTo("whispered");
            Eventually.await("no new worker", () -> {
                try (Member three = member("/chat")) {
                    three.socket().text("new here");
                    assertThat(three.next()).isEqualTo("new here");
                    assertThat(two.next()).isEqualTo("new here");
                    return three.pid() != two.pid();
                }
            });
        }
        await("groups", 0);
    }

    @Test
    void aReloadLeavesNoneBehindEither() throws Exception {
        start("chat_site", new WorkerMode.Sync());
        Set<Long> pids = new HashSet<>();
        try (Member one = member("/chat");
                Member two = member("/chat")) {
            application.reload();
            // The new workers' sockets hear the old ones', which are there for a while.
            List<Member> news = new ArrayList<>();
            Eventually.await("no new worker", () -> {
                Member made = member("/chat");
                news.add(made);
                pids.add(made.pid());
                return made.pid() != one.pid() && made.pid() != two.pid();
            });
            one.socket().text("old");
            assertThat(two.next()).isEqualTo("old");
            assertThat(news.getLast().next()).isEqualTo("old");
            pids.remove(one.pid());
            pids.remove(two.pid());
            for (Member each : news) {
                each.close();
            }
        }
        await("groups", 0);
        await("processes", pids.size());
    }

    static Stream<WorkerMode> modes() {
        // Loops of several greenlets on one thread, as gevent would have them, asyncio refuses.
        return Stream.of(new WorkerMode.Sync(), new WorkerMode.Threads(4), new WorkerMode.Asyncio(100));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void plainProgramsHaveItInLoopsOfTheirOwn(WorkerMode mode) throws Exception {
        start("plain_program", mode, MuleOptions.builder().programs(List.of("")));
        List<String[]> channels = new ArrayList<>();
        for (int worker : List.of(1, 2)) {
            heard("/channels/" + worker, text -> text.contains("!"));
            channels.add(ask("/channels/" + worker).asString().split(" ", 2));
        }
        // A mule is as good.
        heard("/channels/0", text -> text.contains("!"));
        assertThat(ask("/say/hello").isNull()).isTrue();
        heard("/heard/0", "hello"::equals);
        for (int worker : List.of(1, 2)) {
            heard("/heard/" + worker, "hello"::equals);
            String[] own = channels.get(worker - 1);
            assertThat(ask("/send/" + own[0] + "/you").isNull()).isTrue();
            heard("/heard/" + worker, "hello you"::equals);
            // Who sends is told that it is full.
            for (int i = 0; i < 3; i++) {
                assertThat(ask("/send/" + own[1] + "/" + i).isNull()).isTrue();
            }
            assertThat(ask("/send/" + own[1] + "/3").asString())
                    .startsWith("ChannelFull: " + own[1] + ": 3 messages wait");
        }
        assertThat(ask("/leave/" + channels.get(0)[0]).isNull()).isTrue();
        assertThat(ask("/say/bye").isNull()).isTrue();
        heard("/heard/2", "hello you bye"::equals);
        await("groups", 1);
        assertThat(ask("/heard/1").asString()).isEqualTo("hello you");
    }

    private void heard(String target, Predicate<String> expected) throws Exception {
        List<String> seen = new ArrayList<>();
        Eventually.await(() -> target + ": " + seen.getLast(), () -> {
            seen.add(ask(target).asString());
            return expected.test(seen.getLast());
        });
    }

    @Test
    void importsWithoutAServerSayWhereItWorks() throws Exception {
        start("plain_program", new WorkerMode.Sync());
        Path module = TestPrograms.copy("/loomgate_channels.py", directory);
        Process python = new ProcessBuilder(
                        Python.DEBIAN, "-c", "import loomgate_channels as l; print(l.__file__); l.ChannelLayer()")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said)
                .contains(module.getFileName().toString())
                .contains("RuntimeError: loomgate_channels.ChannelLayer works in the processes of Loomgate alone");
    }
}

package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers, each in a process of its own with two workers, whose Python programs share a channel layer in a
/// real Redis.
@Tag("timing")
@Timeout(300)
class SharedChannelLayerTest {
    /// A WebSocket is in the group `room`, says its channel's name, and passes on what it hears. A request
    /// calls the layer: `/group_send/room/text`.
    private static final String PROGRAM = """
            import asyncio
            import loomgate_channels

            layer = loomgate_channels.ChannelLayer(capacity=200)

            async def socket(receive, send):
                await receive()
                own = await layer.new_channel()
                await layer.group_add("room", own)
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.send", "text": own})

                async def pass_on():
                    while True:
                        await send({"type": "websocket.send", "text": (await layer.receive(own))["text"]})

                passing = asyncio.ensure_future(pass_on())
                try:
                    while True:
                        event = await receive()
                        if event["type"] == "websocket.disconnect":
                            return
                        await layer.group_send("room", {"text": event["text"]})
                finally:
                    passing.cancel()
                    await layer.group_discard("room", own)

            async def asked(method, *arguments):
                if method.endswith("send"):
                    arguments = (arguments[0], {"text": arguments[1]})
                try:
                    return repr(await asyncio.wait_for(getattr(layer, method)(*arguments), 30))
                except Exception as e:
                    return "%s: %s" % (type(e).__name__, e)

            async def application(scope, receive, send):
                if scope["type"] == "websocket":
                    await socket(receive, send)
                elif scope["type"] == "http":
                    answer = await asked(*scope["path"][1:].split("/"))
                    await send({"type": "http.response.start", "status": 200, "headers": []})
                    await send({"type": "http.response.body", "body": answer.encode()})
            """;

    @TempDir
    private Path directory;

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws Exception {
        Files.writeString(directory.resolve("room.py"), PROGRAM);
        redis = RedisServer.start(directory);
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private LoomgateProcess start(String whenGone) throws Exception {
        return LoomgateProcess.start(
                directory,
                "-w",
                "room",
                "--python",
                Python.DEBIAN,
                "--processes",
                "2",
                "--http",
                "127.0.0.1:0",
                "--disable-logging",
                "--redis",
                redis.uri(),
                "--redis-timeout",
                "5s",
                "--shared-channels",
                whenGone,
                "--metrics",
                "127.0.0.1:0");
    }

    private static InetSocketAddress metricsOf(LoomgateProcess server) throws Exception {
        Matcher line = server.await(Pattern.compile("metrics: http://([^:/]+):([0-9]+)/metrics"));
        return new InetSocketAddress(line.group(1), Integer.parseInt(line.group(2)));
    }

    private static String ask(LoomgateProcess server, String target) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server.address())) {
            return peer.get(target).answer().text();
        }
    }

    /// A socket of the room.
    private record Member(WebSocketPeer socket, String channel) implements AutoCloseable {
        static Member of(LoomgateProcess server) throws Exception {
            WebSocketPeer socket = WebSocketPeer.to(server.address(), "/");
            return new Member(socket, socket.next().text());
        }

        void say(String text) throws Exception {
            socket.text(text);
        }

        String next() throws Exception {
            return socket.next().text();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static List<Member> members(LoomgateProcess... servers) throws Exception {
        List<Member> members = new ArrayList<>();
        for (LoomgateProcess server : servers) {
            members.add(Member.of(server));
            members.add(Member.of(server));
        }
        return members;
    }

    private static void allHear(List<Member> members, String text) throws Exception {
        for (Member each : members) {
            assertThat(each.next()).isEqualTo(text);
        }
    }

    @Test
    void groupsAndChannelsReachAllServers() throws Exception {
        try (LoomgateProcess one = start("fail");
                LoomgateProcess two = start("fail");
                LoomgateProcess three = start("fail")) {
            List<Member> all = members(one, two, three);
            for (Member each : all) {
                each.say("from " + each.channel());
                allHear(all, "from " + each.channel());
            }
            assertThat(ask(two, "/group_send/room/aloud")).isEqualTo("None");
            allHear(all, "aloud");
            for (Member each : all) {
                assertThat(ask(one, "/send/" + each.channel() + "/low")).isEqualTo("None");
                assertThat(each.next()).isEqualTo("low");
            }

            try (HttpPeer metrics = HttpPeer.to(metricsOf(two))) {
                assertThat(metrics.get("/metrics").answer().text())
                        .contains(
                                "loomgate_channel_processes{app=\"room\",mount=\"\"} 2",
                                "loomgate_channel_groups{app=\"room\",mount=\"\"} 1",
                                "loomgate_channel_messages_total{app=\"room\",mount=\"\",outcome=\"sent_to_group\"} 3",
                                "loomgate_channel_messages_total{app=\"room\",mount=\"\",outcome=\"dropped\"} 0");
            }

            // Another server puts a channel into a group, which it doesn't wait for.
            assertThat(ask(one, "/group_add/corner/" + all.getLast().channel())).isEqualTo("None");
            Eventually.await("it is in the group", () -> {
                ask(two, "/group_send/corner/there");
                ask(one, "/send/" + all.getLast().channel() + "/here");
                return all.getLast().next().equals("there")
                        && all.getLast().next().equals("here");
            });
            assertThat(ask(two, "/group_discard/corner/" + all.getLast().channel()))
                    .isEqualTo("None");
        }
    }

    @Test
    void allHearTheSameInTheSameOrder() throws Exception {
        int count = 300;
        try (LoomgateProcess one = start("fail");
                LoomgateProcess two = start("fail")) {
            List<Member> all = members(one, two);
            for (int i = 0; i < count; i++) {
                for (Member each : all) {
                    each.say(all.indexOf(each) + " " + i);
                }
            }
            List<List<String>> heard = new ArrayList<>();
            for (Member each : all) {
                List<String> own = new ArrayList<>();
                while (own.size() < count * all.size()) {
                    own.add(each.next());
                }
                heard.add(own);
            }
            assertThat(heard).allMatch(heard.getFirst()::equals);
            for (int who = 0; who < all.size(); who++) {
                String prefix = who + " ";
                assertThat(heard.getFirst().stream().filter(text -> text.startsWith(prefix)))
                        .hasSize(count)
                        .isSortedAccordingTo((left, right) -> Integer.compare(number(left), number(right)));
            }
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(2));
    }

    @Test
    void aChannelWithoutAMarkIsTheSameForAll() throws Exception {
        try (LoomgateProcess one = start("fail");
                LoomgateProcess two = start("fail")) {
            assertThat(ask(one, "/send/work/a")).isEqualTo("None");
            assertThat(ask(two, "/receive/work")).isEqualTo("{'text': 'a'}");
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (LoomgateProcess server : List.of(one, two, one, two)) {
                waiting.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return ask(server, "/receive/work");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < waiting.size(); i++) {
                assertThat(ask(i == 0 ? two : one, "/send/work/" + i)).isEqualTo("None");
                expected.add("{'text': '" + i + "'}");
            }
            List<String> answers = new ArrayList<>();
            for (CompletableFuture<String> each : waiting) {
                answers.add(each.get(30, TimeUnit.SECONDS));
            }
            assertThat(answers).containsExactlyInAnyOrderElementsOf(expected);

            assertThat(ask(one, "/group_add/all/work")).isEqualTo("None");
            assertThat(ask(two, "/group_send/all/b")).isEqualTo("None");
            assertThat(ask(one, "/receive/work")).isEqualTo("{'text': 'b'}");
            for (int i = 0; i < 200; i++) {
                assertThat(ask(i % 2 == 0 ? one : two, "/send/work/" + i)).isEqualTo("None");
            }
            assertThat(ask(two, "/send/work/x")).startsWith("ChannelFull: work: 200 messages wait");
            assertThat(ask(one, "/flush")).isEqualTo("None");
            assertThat(ask(two, "/group_send/all/c")).isEqualTo("None");
            assertThat(ask(two, "/send/work/d")).isEqualTo("None");
            assertThat(ask(one, "/receive/work")).isEqualTo("{'text': 'd'}");
        }
    }

    @Test
    void aKilledServerTakesItsMembersWithItAndNoOthers() throws Exception {
        try (LoomgateProcess one = start("fail");
                LoomgateProcess two = start("fail")) {
            List<Member> left = members(two);
            List<Member> lost = members(one);
            left.getFirst().say("before");
            allHear(left, "before");
            allHear(lost, "before");
            one.signal("KILL");
            assertThat(one.status()).isEqualTo(137);

            left.getFirst().say("after");
            allHear(left, "after");
            assertThat(ask(two, "/send/" + lost.getFirst().channel() + "/low")).isEqualTo("None");
            try (LoomgateProcess three = start("fail")) {
                List<Member> news = members(three);
                news.getFirst().say("new");
                allHear(news, "new");
                allHear(left, "new");
            }
        }
    }

    @Test
    void whoSendsToAnotherServersFullChannelIsTold() throws Exception {
        try (LoomgateProcess one = start("local");
                LoomgateProcess two = start("local")) {
            // Nobody receives from it: a name of a process that only takes what comes for its own.
            String own = Member.of(one).channel();
            String channel = own.substring(0, own.indexOf('!') + 1) + "unread";
            Eventually.await(
                    "it is full", () -> ask(two, "/send/" + channel + "/x").startsWith("ChannelFull: "));
            assertThat(ask(one, "/send/" + channel + "/x")).startsWith("ChannelFull: ");
        }
    }

    @Test
    void withoutRedisAServerGoesOnAloneOrSaysSo() throws Exception {
        try (LoomgateProcess one = start("local");
                LoomgateProcess two = start("local");
                LoomgateProcess strict = start("fail")) {
            List<Member> first = members(one);
            List<Member> second = members(two);
            List<Member> third = members(strict);
            redis.kill();
            awaitGone(one, two, strict);

            for (List<Member> some : List.of(first, second)) {
                some.getLast().say("alone");
                allHear(some, "alone");
            }
            assertThat(ask(one, "/send/" + second.getFirst().channel() + "/lost"))
                    .isEqualTo("None");
            assertThat(ask(one, "/send/work/kept")).isEqualTo("None");
            assertThat(ask(one, "/receive/work")).isEqualTo("{'text': 'kept'}");
            try (Member late = Member.of(one)) {
                late.say("late");
                assertThat(late.next()).isEqualTo("late");
                allHear(first, "late");
            }
            String gone = "CallError: the channel layer can't be used: Redis: it is gone";
            for (String call : List.of("group_send/room/x", "send/work/x", "group_add/room/work", "flush")) {
                assertThat(ask(strict, "/" + call)).isEqualTo(gone);
            }

            redis.restart();
            Eventually.await(
                    Duration.ofSeconds(60), () -> "all are there again", () -> ask(strict, "/group_send/room/x")
                            .equals("None"));
            awaitBack(one, two, strict);
            List<Member> all = new ArrayList<>(first);
            all.addAll(second);
            all.addAll(third);
            third.getFirst().say("back");
            for (Member each : all) {
                Eventually.await("it is heard", () -> each.next().equals("back"));
            }
            assertThat(ask(two, "/send/" + first.getFirst().channel() + "/low")).isEqualTo("None");
            assertThat(first.getFirst().next()).isEqualTo("low");
        }
    }

    private static void awaitGone(LoomgateProcess... servers) throws Exception {
        for (LoomgateProcess server : servers) {
            Eventually.await("it is gone", () -> server.wholeErr().contains(" is gone: "));
        }
    }

    private static void awaitBack(LoomgateProcess... servers) throws Exception {
        for (LoomgateProcess server : servers) {
            Eventually.await("it is back", () -> server.wholeErr().contains(" is back after "));
        }
    }
}

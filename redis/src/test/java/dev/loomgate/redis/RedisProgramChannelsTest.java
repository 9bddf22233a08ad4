package dev.loomgate.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.ProgramChannels;
import dev.loomgate.python.ProgramChannels.Message;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What two servers tell each other of a channel layer, and the open channels of both, in a real Redis.
@Timeout(120)
class RedisProgramChannelsTest {
    private static final Duration EXPIRY = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    private RedisServer server;
    private final List<Redis> connections = new ArrayList<>();
    private RedisProgramChannels one;
    private RedisProgramChannels two;
    private final Heard first = new Heard();
    private final Heard second = new Heard();

    /// Notes all that it is told.
    private static final class Heard implements ProgramChannels.Listener {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void toGroup(String group, byte[] content, long maxBytes) {
            lines.add("%s < %s, %d".formatted(group, new String(content, UTF_8), maxBytes));
        }

        @Override
        public void toChannel(String channel, byte[] content, ChannelLimits limits, String from) {
            lines.add("%s < %s, %s from %s".formatted(channel, new String(content, UTF_8), limits, from));
        }

        @Override
        public void changed(String group, String channel, boolean added) {
            lines.add((added ? "+ " : "- ") + group + " " + channel);
        }

        @Override
        public void full(String channel) {
            lines.add("full " + channel);
        }

        @Override
        public void arrived(String channel) {
            lines.add("arrived " + channel);
        }

        @Override
        public void flushed(String layer) {
            lines.add("flushed " + layer);
        }

        @Override
        public void back() {
            lines.add("back");
        }

        void awaitLast(String line) throws Exception {
            Eventually.await(
                    () -> line + " isn't the last of " + lines,
                    () -> !lines.isEmpty() && lines.getLast().equals(line));
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        one = open("shop", "s1", first);
        two = open("shop", "s2", second);
    }

    private RedisProgramChannels open(String program, String name, Heard heard) {
        Redis redis = Redis.open(server.uri());
        connections.add(redis);
        RedisProgramChannels made = new RedisProgramChannels(redis, program, name);
        made.start(heard);
        heard.lines.clear();
        return made;
    }

    @AfterEach
    void stop() {
        connections.forEach(Redis::close);
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static ChannelLimits limits(int capacity, Duration expiry) {
        return new ChannelLimits(capacity, expiry.toNanos(), 3, 1000);
    }

    private static boolean put(ProgramChannels channels, String channel, String text) {
        return channels.put(channel, bytes(text), limits(2, EXPIRY));
    }

    private static @Nullable String take(ProgramChannels channels, String channel) {
        Message message = channels.take(channel);
        return message == null ? null : new String(message.content(), UTF_8);
    }

    private List<String> keys() throws Exception {
        return server.ask("KEYS", "*").lines().sorted().toList();
    }

    @Test
    void aGroupsMessageIsHeardByAllThatListenAndByNobodyElse() throws Exception {
        Heard strange = new Heard();
        open("other", "s3", strange).listen("l:g").run();
        one.listen("l:g").run();
        two.listen("l:g").run();
        assertThat(one.sendToGroup("l:g", bytes("a\nb"), 7)).isZero();
        first.awaitLast("l:g < a\nb, 7");
        second.awaitLast("l:g < a\nb, 7");

        two.unlisten("l:g");
        two.listen("l:h").run();
        one.sendToGroup("l:g", bytes("c"), 7);
        one.sendToGroup("l:h", bytes("d"), 7);
        second.awaitLast("l:h < d, 7");
        assertThat(second.lines).hasSize(2);
        assertThat(strange.lines).isEmpty();
    }

    @Test
    void whoSendsHasHeardItWhenTheCallReturns() throws Exception {
        one.listen("l:g").run();
        for (int i = 1; i <= 2000; i++) {
            one.sendToGroup("l:g", bytes("a"), 7);
            assertThat(first.lines).hasSize(i);
        }
    }

    @Test
    void oneServerIsToldWhatIsForIt() throws Exception {
        one.send("s2", "l:p.s2-1!1", bytes("x\n"), limits(5, EXPIRY));
        second.awaitLast("l:p.s2-1!1 < x\n, " + limits(5, EXPIRY) + " from s1");
        one.change("s2", "l:g", "l:p.s2-1!1", true);
        second.awaitLast("+ l:g l:p.s2-1!1");
        one.change("s2", "l:g", "l:p.s2-1!1", false);
        second.awaitLast("- l:g l:p.s2-1!1");
        two.tellFull("s1", "l:p.s2-1!1");
        first.awaitLast("full l:p.s2-1!1");
        one.send("gone", "l:p.gone-1!1", bytes("x"), limits(5, EXPIRY));
        assertThat(first.lines).hasSize(1);
        assertThat(second.lines).hasSize(3);
    }

    @Test
    void anOpenChannelIsTheSameForAll() throws Exception {
        two.await("l:c");
        assertThat(two.take("l:c")).isNull();
        assertThat(put(one, "l:c", "a")).isTrue();
        second.awaitLast("arrived l:c");
        assertThat(put(one, "l:c", "b")).isTrue();
        assertThat(put(two, "l:c", "c")).isFalse(); // capacity
        Message oldest = two.take("l:c");
        assertThat(new String(oldest.content(), UTF_8)).isEqualTo("a");
        assertThat(oldest.left()).isBetween(EXPIRY.minusSeconds(30), EXPIRY);
        two.giveBack("l:c", oldest);
        assertThat(take(one, "l:c")).isEqualTo("a");
        assertThat(take(one, "l:c")).isEqualTo("b");
        assertThat(take(one, "l:c")).isNull();
        assertThat(keys()).isEmpty();

        two.unawait("l:c");
        two.await("l:d");
        assertThat(take(two, "l:d")).isNull();
        second.lines.clear();
        put(one, "l:c", "d");
        put(one, "l:d", "e");
        second.awaitLast("arrived l:d");
        assertThat(second.lines).hasSize(1);
        assertThat(first.lines).isEmpty();
    }

    @Test
    void openChannelsHaveLimitsAndExpire() throws Exception {
        assertThat(one.put("l:c", new byte[600], limits(9, EXPIRY))).isTrue();
        assertThat(one.put("l:c", new byte[401], limits(9, EXPIRY))).isFalse();
        assertThat(one.put("l:c", new byte[400], limits(9, EXPIRY))).isTrue();
        assertThat(put(one, "l:d", "a")).isTrue();
        assertThat(put(one, "l:e", "a")).isTrue();
        assertThat(put(one, "l:f", "a")).isFalse(); // three channels
        assertThat(put(one, "m:f", "a")).isTrue(); // of another layer
        assertThat(take(two, "l:d")).isEqualTo("a");
        assertThat(put(one, "l:f", "a")).isTrue();

        assertThat(one.put("l:x", bytes("soon"), limits(9, SOON))).isFalse();
        assertThat(take(two, "l:f")).isEqualTo("a");
        assertThat(one.put("l:x", bytes("soon"), limits(2, SOON))).isTrue();
        assertThat(one.put("l:x", bytes("late"), limits(2, EXPIRY))).isTrue();
        Eventually.await("the first one expires", () -> one.put("l:x", bytes("next"), limits(2, EXPIRY)));
        assertThat(take(two, "l:x")).isEqualTo("late");
        assertThat(take(two, "l:x")).isEqualTo("next");
    }

    @Test
    void openChannelsAreInGroupsOfAllServers() throws Exception {
        one.add("l:g", "l:c", limits(1, EXPIRY), EXPIRY);
        two.add("l:g", "l:d", limits(9, SOON), EXPIRY);
        two.add("l:g", "l:e", limits(9, EXPIRY), SOON);
        two.discard("l:never", "l:c");
        assertThat(one.sendToGroup("l:g", bytes("a"), 7)).isZero();
        assertThat(take(two, "l:c")).isEqualTo("a");
        Eventually.await("a channel and a membership to expire", () -> {
            // A channel whose messages expire unread has left.
            two.sendToGroup("l:g", bytes("b"), 7);
            while (take(two, "l:e") != null) {
                // It may not have left yet.
            }
            two.sendToGroup("l:g", bytes("c"), 7);
            return take(two, "l:d") == null && take(two, "l:e") == null;
        });
        assertThat(one.sendToGroup("l:g", bytes("d"), 7)).isEqualTo(1); // it is full
        two.discard("l:g", "l:c");
        assertThat(one.sendToGroup("l:g", bytes("e"), 7)).isZero();
        assertThat(take(two, "l:c")).isEqualTo("b");
        assertThat(take(two, "l:c")).isNull();
    }

    @Test
    void aFlushIsOfALayerAndAllServers() throws Exception {
        put(one, "l:c", "a");
        put(one, "m:c", "b");
        one.add("l:g", "l:c", limits(1, EXPIRY), EXPIRY);
        two.flush("l");
        first.awaitLast("flushed l");
        assertThat(second.lines).isEmpty();
        assertThat(take(one, "l:c")).isNull();
        assertThat(take(one, "m:c")).isEqualTo("b");
        assertThat(keys()).isEmpty();
    }

    @Test
    void whileRedisIsGoneCallsSaySoAndLaterAllIsSubscribedToAgain() throws Exception {
        for (int i = 0; i < 2500; i++) {
            two.listen("l:g" + i);
        }
        two.await("l:c");
        server.kill();
        Eventually.await("it is gone", () -> connections.stream().noneMatch(Redis::isThere));
        two.listen("l:later");
        two.unlisten("l:g7");
        two.tellFull("s1", "l:x");
        assertThatThrownBy(() -> two.sendToGroup("l:g1", bytes("a"), 7))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the channel layer can't be used: Redis: it is gone");
        assertThatThrownBy(() -> two.take("l:c")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> two.listen("l:now").run()).isInstanceOf(IllegalStateException.class);

        server.restart();
        first.awaitLast("back");
        second.awaitLast("back");
        for (String group : List.of("l:g1", "l:g7", "l:g2499", "l:later", "l:now")) {
            one.sendToGroup(group, bytes("b"), 7);
        }
        second.awaitLast("l:now < b, 7");
        assertThat(second.lines)
                .containsExactly("back", "l:g1 < b, 7", "l:g2499 < b, 7", "l:later < b, 7", "l:now < b, 7");
        put(one, "l:c", "d");
        second.awaitLast("arrived l:c");
    }

    @Test
    void whatStrangersWriteIsPassedOver() throws Exception {
        one.listen("l:g").run();
        for (String topic : List.of("group:l:g", "server:s1", "all", "arrived:l:c")) {
            for (String text : List.of(
                    "",
                    "\n",
                    "x\ny",
                    "message\ns2\nl:c!1\n1 2 3\nx",
                    "message\ns2\nl:c!1\n1 2 x 4\n",
                    "message\ns2\nl:c\n1 2 3 4\n",
                    "add\ns2\nl:c\nl:g\n")) {
                server.ask("PUBLISH", "loomgate:channels:shop:" + topic, text);
            }
        }
        one.sendToGroup("l:g", bytes("a"), 7);
        first.awaitLast("l:g < a, 7");
        assertThat(first.lines).noneMatch(line -> line.contains("l:c <") || line.startsWith("+ "));
    }
}

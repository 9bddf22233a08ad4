package dev.loomgate.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.ProgramChannels;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A Python program's channel layer in Redis: by publish/subscribe, which keeps nothing, and open channels by
/// [ProgramChannelsScripts].
///
/// ```text
/// BASE:group:GROUP        max-bytes LF message
/// BASE:server:SERVER      "message" LF from LF channel LF capacity expiry max-channels max-bytes LF message
///                         "add" or "discard" LF from LF channel LF group LF
///                         "full" LF from LF channel LF LF
/// BASE:arrived:CHANNEL    nothing: there is something in an open channel
/// BASE:all                from LF layer: it is to be empty
/// ```
/// A server subscribes to what is for it, for its groups, and for the open channels where somebody waits.
final class RedisProgramChannels implements ProgramChannels, Feature {
    private static final int LINES = 4;
    private static final byte[] NOTHING = {};
    private static final String GROUP = ":group:";
    private static final String ARRIVED = ":arrived:";
    private static final String SERVER = ":server:";

    private final Redis redis;
    private final String server;
    private final String base;
    private final Topics topics = new Topics();
    private volatile @Nullable Listener listener;

    RedisProgramChannels(Redis redis, String program, String server) {
        this.redis = redis;
        this.server = server;
        base = redis.key("channels", program);
    }

    @Override
    public void start(Listener told) {
        listener = told;
        topics.subscribe(base + ":all");
        topics.subscribe(base + SERVER + server);
        redis.add(this);
    }

    // ---- groups

    @Override
    public Runnable listen(String group) {
        @Nullable RedisFuture<Void> answer = topics.subscribe(base + GROUP + group);
        return () -> asked(() -> {
            if (answer == null) {
                throw new RedisGone("it is gone");
            }
            redis.link().<@Nullable Void>await(answer);
            return true;
        });
    }

    @Override
    public void unlisten(String group) {
        topics.unsubscribe(base + GROUP + group);
    }

    @Override
    public int sendToGroup(String group, byte[] content, long maxBytes) {
        return asked(() -> {
            long full = redis.run(
                    ProgramChannelsScripts.SEND_TO_GROUP, base, bytes(group), content, Redis.number(maxBytes));
            if (topics.has(base + GROUP + group)) {
                // The message may come after that answer, but not after the next one.
                redis.<String>call(commands -> commands.ping());
            }
            return (int) full;
        });
    }

    // ---- channels of processes

    @Override
    public void send(String to, String channel, byte[] content, ChannelLimits limits) {
        tell(to, "message", channel, ChannelMessage.text(limits), content);
    }

    @Override
    public void change(String to, String group, String channel, boolean added) {
        tell(to, added ? "add" : "discard", channel, group, NOTHING);
    }

    private void tell(String to, String kind, String channel, String what, byte[] content) {
        byte[] message = message(kind, channel, what, content);
        asked(() -> redis.<Long>call(commands -> commands.publish(base + SERVER + to, message)));
    }

    private byte[] message(String kind, String channel, String what, byte[] content) {
        return new ChannelMessage(List.of(kind, server, channel, what), content).bytes();
    }

    @Override
    public void tellFull(String to, String channel) {
        topics.send(commands -> commands.publish(base + SERVER + to, message("full", channel, "", NOTHING)));
    }

    // ---- open channels

    @Override
    public boolean put(String channel, byte[] content, ChannelLimits limits) {
        long done = asked(() -> redis.run(
                ProgramChannelsScripts.PUT,
                base,
                bytes(channel),
                content,
                Redis.number(limits.capacity()),
                Redis.number(ChannelMessage.millis(limits.expiryNanos())),
                Redis.number(limits.maxChannels()),
                Redis.number(limits.maxBytes())));
        return done == 1;
    }

    @Override
    public void await(String channel) {
        topics.subscribe(base + ARRIVED + channel);
    }

    @Override
    public void unawait(String channel) {
        topics.unsubscribe(base + ARRIVED + channel);
    }

    @Override
    public @Nullable Message take(String channel) {
        List<byte[]> found = asked(() -> redis.run(ProgramChannelsScripts.TAKE, base, bytes(channel)));
        return found.isEmpty()
                ? null
                : new Message(found.get(1), Duration.ofMillis(Long.parseLong(new String(found.getFirst(), UTF_8))));
    }

    @Override
    public void giveBack(String channel, Message message) {
        byte[] left = Redis.number(message.left().toMillis());
        asked(() -> redis.run(ProgramChannelsScripts.GIVE_BACK, base, bytes(channel), message.content(), left));
    }

    @Override
    public void add(String group, String channel, ChannelLimits limits, Duration expiry) {
        asked(() -> redis.run(
                ProgramChannelsScripts.ADD,
                base,
                bytes(group),
                bytes(channel),
                Redis.number(ChannelMessage.millis(expiry.toNanos())),
                Redis.number(limits.capacity()),
                Redis.number(ChannelMessage.millis(limits.expiryNanos())),
                Redis.number(limits.maxChannels()),
                Redis.number(limits.maxBytes())));
    }

    @Override
    public void discard(String group, String channel) {
        asked(() -> redis.run(ProgramChannelsScripts.DISCARD, base, bytes(group), bytes(channel)));
    }

    @Override
    public void flush(String layer) {
        asked(() -> redis.run(ProgramChannelsScripts.FLUSH, base, bytes(layer), bytes(server)));
    }

    // ---- the connection

    @Override
    public String name() {
        return "channel layer";
    }

    @Override
    public void connected(StatefulRedisPubSubConnection<String, byte[]> connection) {
        topics.connected(connection).forEach(answer -> redis.link().<@Nullable Void>await(answer));
    }

    @Override
    public void ready() {
        Listener told = listener;
        if (told != null) {
            told.back();
        }
    }

    @Override
    public void removed(StatefulRedisPubSubConnection<String, byte[]> connection) {
        // It ends with its program.
    }

    @Override
    public void gone() {
        topics.gone();
    }

    // ---- what comes

    @Override
    public void message(String topic, byte[] content) {
        Listener told = listener;
        if (told == null || !topic.startsWith(base)) {
            return;
        }
        String what = topic.substring(base.length());
        try {
            if (what.startsWith(GROUP)) {
                ChannelMessage message = ChannelMessage.read(content, 1);
                told.toGroup(what.substring(GROUP.length()), message.content(), Long.parseLong(message.line(0)));
            } else if (what.startsWith(ARRIVED)) {
                told.arrived(what.substring(ARRIVED.length()));
            } else if (what.equals(":all")) {
                ChannelMessage message = ChannelMessage.read(content, 1);
                if (!message.line(0).equals(server)) {
                    told.flushed(new String(message.content(), UTF_8));
                }
            } else {
                forThisServer(told, ChannelMessage.read(content, LINES));
            }
        } catch (IllegalArgumentException e) {
            // Somebody else has written that.
        }
    }

    private static void forThisServer(Listener told, ChannelMessage message) {
        String channel = message.line(2);
        if (channel.indexOf('!') < 0) {
            throw new IllegalArgumentException("no channel of a process: " + channel);
        }
        switch (message.line(0)) {
            case "message" ->
                told.toChannel(channel, message.content(), ChannelMessage.limits(message.line(3)), message.line(1));
            case "add", "discard" ->
                told.changed(message.line(3), channel, message.line(0).equals("add"));
            case "full" -> told.full(channel);
            default -> throw new IllegalArgumentException(message.line(0));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (RedisGone | RedisException e) {
            throw new IllegalStateException("the channel layer can't be used: Redis: " + e.getMessage(), e);
        }
    }
}

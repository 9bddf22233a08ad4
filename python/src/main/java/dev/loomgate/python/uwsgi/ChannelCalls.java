package dev.loomgate.python.uwsgi;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.shared.ChannelProcess;
import dev.loomgate.python.shared.ChannelProcess.Parcel;
import dev.loomgate.python.shared.ClusterChannels;
import dev.loomgate.python.shared.SharedChannels;
import dev.loomgate.python.uwsgi.UwsgiCalls.Caller;
import dev.loomgate.python.uwsgi.UwsgiCalls.Replies;
import dev.loomgate.python.wire.MarshalWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The calls whose names begin with `channel_`: the layer of `loomgate_channels`. Two have their replies later, when
/// there is something: `channel_poll`, which a process has always under way, and `channel_receive`. Where several
/// servers share the layer, those have as well that reach the others.
///
/// Loop side only.
final class ChannelCalls {
    private static final String PREFIX = "channel_";

    private final SharedChannels channels;
    private @Nullable ClusterChannels cluster;

    ChannelCalls(SharedChannels channels) {
        this.channels = channels;
    }

    /// Has other servers share the layer. Before any process is started.
    void share(ClusterChannels withOthers) {
        cluster = withOthers;
    }

    static boolean isOne(String name) {
        return name.startsWith(PREFIX);
    }

    /// Answers a call, now or later.
    void answer(String name, CallArguments arguments, Caller caller, int id, Replies replies) {
        switch (name.substring(PREFIX.length())) {
            case "poll" ->
                channels.of(caller)
                        .poll(parcels -> replies.reply(id, list(parcels).toByteArray(), false));
            case "receive" ->
                channels.openChannels().receive(caller, id, arguments.text(1), (content, leftNanos) -> {
                    MarshalWriter value = new MarshalWriter(64);
                    if (content == null) {
                        value.none();
                    } else {
                        value.beginTuple(2).bytes(content);
                        value.integer(Duration.ofNanos(leftNanos).toMillis());
                    }
                    replies.reply(id, value.toByteArray(), false);
                });
            default -> {
                ClusterChannels others = cluster;
                CompletableFuture<?> done = others == null ? null : asked(others, name, arguments, caller);
                if (done != null) {
                    done.whenComplete((value, failure) -> reply(value, failure, replies, id));
                    return;
                }
                Answer answer = new Answer();
                answer.by(value -> answer(name, arguments, caller, value));
                answer.sendTo(replies, id);
            }
        }
    }

    private static void reply(@Nullable Object done, @Nullable Throwable failure, Replies replies, int id) {
        Answer answer = new Answer();
        answer.by(value -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                throw new IllegalStateException(cause == null ? null : cause.getMessage(), cause);
            }
            if (done instanceof Boolean isDone) {
                value.bool(isDone);
            } else {
                value.none();
            }
        });
        answer.sendTo(replies, id);
    }

    /// What reaches other servers; null for anything else.
    private @Nullable CompletableFuture<?> asked(
            ClusterChannels others, String name, CallArguments arguments, Caller caller) {
        return switch (name.substring(PREFIX.length())) {
            case "join" -> others.join(channels.of(caller), arguments.text(1));
            case "send" -> others.send(arguments.text(1), arguments.bytes(2), limits(arguments, 3));
            case "group" ->
                arguments.flag(3)
                        ? others.add(
                                arguments.text(1), arguments.text(2), memberLimits(arguments), arguments.seconds(6))
                        : others.discard(arguments.text(1), arguments.text(2));
            case "group_send" -> others.sendToGroup(arguments.text(1), arguments.bytes(2), arguments.number(3));
            case "return" -> others.giveBack(arguments.text(1), arguments.bytes(2), nanos(arguments.number(3)));
            case "flush" -> others.flush(arguments.text(1), channels.open(caller), arguments.number(2));
            default -> null;
        };
    }

    private void answer(String name, CallArguments arguments, Caller caller, MarshalWriter answer) {
        switch (name.substring(PREFIX.length())) {
            case "open" -> answer.text(channels.open(caller).address());
            case "join" -> channels.join(channels.of(caller), arguments.text(1));
            case "leave" -> channels.leave(channels.of(caller), arguments.text(1));
            case "send" -> answer.bool(channels.send(arguments.text(1), arguments.bytes(2), limits(arguments, 3)));
            case "group" -> change(arguments);
            case "group_send" -> channels.sendToGroup(arguments.text(1), arguments.bytes(2), arguments.number(3));
            case "cancel" -> channels.openChannels().cancel(caller, (int) arguments.number(1));
            case "return" ->
                channels.openChannels().giveBack(arguments.text(1), arguments.bytes(2), nanos(arguments.number(3)));
            case "told" -> told(arguments, channels.of(caller));
            case "flush" -> channels.flush(arguments.text(1), channels.open(caller), arguments.number(2));
            case "counts" -> {
                answer.beginDictionary();
                channels.counts().named().forEach((key, value) -> answer.text(key)
                        .integer(value));
                answer.endDictionary();
            }
            default -> throw UwsgiCalls.unknown(name);
        }
        if (answer.length() == 0) {
            answer.none();
        }
    }

    private void change(CallArguments arguments) {
        String group = arguments.text(1);
        String channel = arguments.text(2);
        if (arguments.flag(3)) {
            channels.add(
                    group,
                    channel,
                    memberLimits(arguments),
                    arguments.seconds(6).toNanos());
        } else {
            channels.discard(group, channel);
        }
    }

    private static ChannelLimits memberLimits(CallArguments arguments) {
        return new ChannelLimits(
                (int) arguments.number(4),
                arguments.seconds(5).toNanos(),
                (int) arguments.number(7),
                arguments.number(8));
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static ChannelLimits limits(CallArguments arguments, int from) {
        return new ChannelLimits(
                (int) arguments.number(from),
                arguments.seconds(from + 1).toNanos(),
                (int) arguments.number(from + 2),
                arguments.number(from + 3));
    }

    private void told(CallArguments arguments, ChannelProcess process) {
        for (Object each : arguments.list(1)) {
            CallArguments taken = new CallArguments((List<?>) each);
            process.taken(taken.text(0), (int) taken.number(1));
        }
        for (Object each : arguments.list(2)) {
            CallArguments full = new CallArguments((List<?>) each);
            process.full(full.text(0), full.flag(1));
        }
        channels.told((int) arguments.number(3), (int) arguments.number(4));
    }

    private static MarshalWriter list(List<Parcel> parcels) {
        MarshalWriter value = new MarshalWriter(256);
        value.beginList(parcels.size());
        for (Parcel parcel : parcels) {
            switch (parcel) {
                case Parcel.Message message ->
                    value.beginTuple(3).text("message").text(message.channel()).bytes(message.content());
                case Parcel.ToGroup message ->
                    value.beginTuple(3).text("group").text(message.group()).bytes(message.content());
                case Parcel.Membership membership ->
                    value.beginTuple(3)
                            .text(membership.added() ? "add" : "discard")
                            .text(membership.group())
                            .text(membership.channel());
                case Parcel.Flush flush ->
                    value.beginTuple(3).text("flush").text(flush.layer()).integer(flush.number());
            }
        }
        return value;
    }
}

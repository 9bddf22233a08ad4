package dev.loomgate.python.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.shared.ChannelProcess.Parcel;
import dev.loomgate.python.snapshot.ChannelSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedChannelsTest {
    private static final long MANY = 1 << 20;

    private long now;
    private final SharedChannels channels = new SharedChannels("s", () -> now);
    private final List<String> taken = new ArrayList<>();

    private static ChannelLimits limits(int capacity) {
        return new ChannelLimits(capacity, Duration.ofSeconds(60).toNanos(), 10, MANY);
    }

    private boolean send(String channel, String text, int capacity) {
        return channels.send(channel, text.getBytes(UTF_8), limits(capacity));
    }

    private void say(String group, String text) {
        channels.sendToGroup(group, text.getBytes(UTF_8), MANY);
    }

    /// What a process is given next, once.
    private void poll(ChannelProcess process) {
        process.poll(parcels -> parcels.forEach(parcel -> taken.add(
                switch (parcel) {
                    case Parcel.Message message -> message.channel() + "=" + new String(message.content(), UTF_8);
                    case Parcel.ToGroup message -> message.group() + "<" + new String(message.content(), UTF_8);
                    case Parcel.Membership membership ->
                        (membership.added() ? "+" : "-") + membership.group() + membership.channel();
                    case Parcel.Flush flush -> flush.layer() + flush.number();
                })));
    }

    private void receive(Object owner, int id, String channel) {
        channels.openChannels()
                .receive(
                        owner,
                        id,
                        channel,
                        (content, left) -> taken.add(content == null ? "none" : new String(content, UTF_8)));
    }

    @Test
    void aGroupsMessageComesToEachProcessOnce() {
        ChannelProcess one = channels.open("one");
        ChannelProcess two = channels.open("two");
        channels.open("three");
        assertThat(channels.open("one")).isSameAs(one);
        channels.join(one, "l:g");
        channels.join(two, "l:g");
        channels.join(two, "l:g");

        poll(one);
        say("l:g", "1");
        say("l:g", "2");
        say("l:other", "3");
        assertThat(taken).containsExactly("l:g<1");
        poll(one);
        poll(two);
        assertThat(taken).containsExactly("l:g<1", "l:g<2", "l:g<1", "l:g<2");
        channels.leave(one, "l:g");
        poll(one);
        say("l:g", "4");
        assertThat(taken).hasSize(4);
    }

    @Test
    void aProcessThatHasEndedIsInNoGroup() {
        ChannelProcess one = channels.open("one");
        channels.join(one, "l:g");
        channels.join(one, "l:h");
        receive("one", 1, "l:open");

        channels.ended("one");

        assertThat(channels.counts())
                .returns(0L, ChannelSnapshot::processes)
                .returns(0L, ChannelSnapshot::groups)
                .returns(0L, ChannelSnapshot::openChannels);
        assertThat(send("l:p." + one.address() + "!1", "lost", 1)).isTrue();
        assertThat(send("l:open", "kept", 1)).isTrue();
        assertThat(channels.open("one").address()).isNotEqualTo(one.address());
        assertThatThrownBy(() -> channels.of("other")).hasMessage("channel_open comes first");
    }

    @Test
    void aProcessThatTakesNothingHoldsSoManyBytesAtMost() {
        ChannelProcess one = channels.open("one");
        channels.join(one, "l:g");
        byte[] large = new byte[400_000];

        for (int i = 0; i < 5; i++) {
            channels.sendToGroup("l:g", large, MANY);
        }

        assertThat(channels.counts()).returns(3L, ChannelSnapshot::dropped).returns(5L, ChannelSnapshot::sentToGroups);
        assertThat(one.pendingBytes()).isBetween(800_000L, MANY);
        String channel = "l:p." + one.address() + "!1";
        assertThat(channels.send(channel, large, limits(9))).isFalse();
        // A frame has room for one of them.
        poll(one);
        assertThat(taken).hasSize(1);
        poll(one);
        assertThat(taken).hasSize(2);
        assertThat(one.pendingBytes()).isZero();
        assertThat(channels.send(channel, large, limits(9))).isTrue();
    }

    @Test
    void aProcessChannelIsFullUntilItsMessagesAreTaken() {
        ChannelProcess one = channels.open("one");
        String channel = "l:p." + one.address() + "!1";
        poll(one);

        assertThat(send(channel, "1", 2)).isTrue();
        assertThat(send(channel, "2", 2)).isTrue();
        assertThat(send(channel, "3", 2)).isFalse();
        one.taken(channel, 1);
        assertThat(send(channel, "4", 2)).isTrue();
        one.taken(channel, 2);
        one.full(channel, true);
        assertThat(send(channel, "5", 2)).isFalse();
        one.full(channel, false);
        assertThat(send(channel, "6", 2)).isTrue();
        assertThat(channels.counts()).returns(4L, ChannelSnapshot::sent).returns(2L, ChannelSnapshot::refused);
    }

    @Test
    void anotherProcessChangesAGroupInTheOrderOfMessages() {
        ChannelProcess one = channels.open("one");
        String channel = "l:p." + one.address() + "!1";

        channels.add("l:g", channel, limits(1), 1);
        say("l:g", "1");
        channels.discard("l:g", channel);
        poll(one);

        assertThat(taken).containsExactly("+l:g" + channel, "l:g<1", "-l:g" + channel);
    }

    @Test
    void whoWaitsLongestGetsAMessageOfAnOpenChannel() {
        receive("one", 1, "l:c");
        receive("two", 1, "l:c");
        receive("two", 2, "l:c");
        channels.openChannels().cancel("two", 1);
        assertThat(taken).containsExactly("none");
        channels.openChannels().cancel("two", 7);

        for (int i = 1; i <= 4; i++) {
            send("l:c", "" + i, 2);
        }

        assertThat(taken).containsExactly("none", "1", "2");
        // One that was given comes before the others where it wasn't taken.
        channels.openChannels().giveBack("l:c", "2".getBytes(UTF_8), 1000);
        receive("one", 2, "l:c");
        receive("one", 3, "l:c");
        assertThat(taken).containsExactly("none", "1", "2", "2", "3");
        assertThat(send("l:c", "5", 2)).isTrue();
        assertThat(send("l:c", "6", 2)).isFalse();
    }

    @Test
    void openChannelsHaveLimits() {
        for (int i = 0; i < 10; i++) {
            assertThat(send("l:c" + i, "x", 1)).isTrue();
        }
        assertThat(send("l:c10", "x", 1)).isFalse();
        assertThat(channels.counts())
                .returns(10L, ChannelSnapshot::openChannels)
                .returns(10L, ChannelSnapshot::backlogBytes);
        now += Duration.ofSeconds(61).toNanos();
        assertThat(send("l:c10", "x", 1)).isTrue();
        assertThat(channels.counts())
                .returns(10L, ChannelSnapshot::expired)
                .returns(1L, ChannelSnapshot::openChannels)
                .returns(1L, ChannelSnapshot::backlogBytes);
        assertThat(channels.send("l:c11", new byte[(int) MANY], limits(1))).isFalse();
    }

    @Test
    void openChannelsLeaveTheirGroups() {
        channels.add("l:g", "l:read", limits(100), Duration.ofSeconds(100).toNanos());
        channels.add("l:g", "l:unread", limits(100), Duration.ofSeconds(1000).toNanos());
        say("l:g", "1");
        receive("one", 1, "l:read");
        now += Duration.ofSeconds(61).toNanos();
        say("l:g", "2");
        receive("one", 2, "l:read");
        receive("one", 3, "l:unread");
        assertThat(taken).containsExactly("1", "2");
        now += Duration.ofSeconds(61).toNanos();
        say("l:g", "3");
        assertThat(taken).hasSize(2);
        assertThat(channels.counts()).returns(0L, ChannelSnapshot::groups).returns(1L, ChannelSnapshot::expired);
    }

    @Test
    void aFlushIsOfOneLayer() {
        ChannelProcess one = channels.open("one");
        ChannelProcess two = channels.open("two");
        channels.join(one, "l:g");
        channels.join(one, "m:g");
        channels.add("l:g", "l:c", limits(1), MANY);
        send("l:c", "x", 1);
        send("m:c", "x", 1);

        channels.flush("l", two, 7);

        poll(one);
        poll(two);
        assertThat(taken).containsExactly("l0", "l7");
        assertThat(channels.counts()).returns(1L, ChannelSnapshot::groups).returns(1L, ChannelSnapshot::openChannels);
    }
}

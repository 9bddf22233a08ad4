package dev.loomgate.python.shared;

import dev.loomgate.python.ChannelLimits;
import dev.loomgate.python.shared.ChannelProcess.Parcel;
import dev.loomgate.python.snapshot.ChannelSnapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Channels and groups of a program's processes, as Django Channels' "Channel Layer Specification" has them. Names have
/// their layer's in front: `LAYER:CHANNEL`. Used by one thread.
///
/// ```text
/// PREFIX.ADDRESS!NUMBER    a channel of the process with this address, where its messages wait
/// NAME                     a channel that any process receives from: its messages wait here
/// ```
/// Of a group it is known which processes have members in it. Each of them gets a message once, and passes it on.
public final class SharedChannels {
    private static final long SWEEP_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private final String server;
    private final Map<Object, ChannelProcess> processes = new LinkedHashMap<>();
    private final Map<String, ChannelProcess> byAddress = new HashMap<>();
    private final Map<String, Set<ChannelProcess>> groups = new HashMap<>();
    private final OpenChannels open;
    private final Map<String, Map<String, OpenMember>> openMembers = new HashMap<>();
    private final ChannelCounts counts = new ChannelCounts();
    private ChannelInterest interest = ChannelInterest.none();
    private long opened;
    private long swept;

    /// A channel that any process receives from, in a group.
    private record OpenMember(long untilNanos, ChannelLimits limits) {}

    /// @param server what addresses of its processes begin with: letters, digits
    public SharedChannels(String server, LongSupplier nanos) {
        this.server = server;
        this.nanos = nanos;
        open = new OpenChannels(nanos, counts, this::leaveAll);
        swept = nanos.getAsLong();
    }

    /// What addresses of its processes begin with.
    public String server() {
        return server;
    }

    /// Has somebody told what its processes listen to, from now on.
    void tell(ChannelInterest listener) {
        interest = listener;
        open.tell(listener);
    }

    /// A process receives from now on.
    ///
    /// @return the same one for the same owner
    public ChannelProcess open(Object owner) {
        return processes.computeIfAbsent(owner, key -> {
            ChannelProcess made = new ChannelProcess(server + "-" + Long.toString(++opened, Character.MAX_RADIX));
            byAddress.put(made.address(), made);
            return made;
        });
    }

    /// The process of an owner that has opened.
    ///
    /// @throws IllegalArgumentException if it hasn't
    public ChannelProcess of(Object owner) {
        ChannelProcess process = processes.get(owner);
        if (process == null) {
            throw new IllegalArgumentException("channel_open comes first");
        }
        return process;
    }

    /// A process has ended: it is in no group, and what was for it is lost.
    public void ended(Object owner) {
        open.ended(owner);
        ChannelProcess process = processes.remove(owner);
        if (process != null) {
            byAddress.remove(process.address());
            List.copyOf(process.groups()).forEach(group -> leave(process, group));
        }
    }

    // ---- channels

    /// The channels that any process receives from.
    public OpenChannels openChannels() {
        return open;
    }

    /// Puts a message into a channel. One for a process that has ended is lost.
    ///
    /// @return false if it is full
    public boolean send(String channel, byte[] content, ChannelLimits limits) {
        return sent(put(channel, content, limits));
    }

    /// The same, of one that has been counted.
    boolean put(String channel, byte[] content, ChannelLimits limits) {
        sweep();
        if (isOpen(channel)) {
            return open.send(channel, content, limits);
        }
        ChannelProcess process = byAddress.get(address(channel));
        return process == null || process.send(channel, content, limits.capacity(), limits.maxBytes());
    }

    /// Counts a message for a channel.
    ///
    /// @return `isDone`
    boolean sent(boolean isDone) {
        counts.sent(isDone);
        return isDone;
    }

    /// Whether any process receives from it.
    static boolean isOpen(String channel) {
        return channel.indexOf('!') < 0;
    }

    /// Whether another server receives from a channel.
    boolean isElsewhere(String channel) {
        return !isOpen(channel)
                && !server(channel).isEmpty()
                && !server(channel).equals(server);
    }

    /// The server of the process that receives from a channel; empty if none has given it that name.
    static String server(String channel) {
        String address = address(channel);
        return address.substring(0, Math.max(address.lastIndexOf('-'), 0));
    }

    /// The address of the process that receives from a channel.
    private static String address(String channel) {
        String remote = channel.substring(0, channel.indexOf('!'));
        return remote.substring(remote.lastIndexOf('.') + 1);
    }

    // ---- groups

    /// A process has members in a group.
    public void join(ChannelProcess process, String group) {
        process.groups().add(group);
        Set<ChannelProcess> there = groups.computeIfAbsent(group, name -> new LinkedHashSet<>());
        if (there.add(process) && there.size() == 1) {
            interest.joined(group);
        }
    }

    /// It has none any more.
    public void leave(ChannelProcess process, String group) {
        process.groups().remove(group);
        groups.computeIfPresent(group, (name, there) -> {
            if (there.remove(process) && there.isEmpty()) {
                interest.left(group);
            }
            return there.isEmpty() ? null : there;
        });
    }

    /// A process adds a channel that isn't its own to a group.
    public void add(String group, String channel, ChannelLimits limits, long groupExpiryNanos) {
        if (isOpen(channel)) {
            openMembers
                    .computeIfAbsent(group, name -> new LinkedHashMap<>())
                    .put(channel, new OpenMember(nanos.getAsLong() + groupExpiryNanos, limits));
        } else {
            addToProcess(group, channel);
        }
    }

    /// Puts a channel of a process into a group.
    void addToProcess(String group, String channel) {
        ChannelProcess process = byAddress.get(address(channel));
        if (process != null) {
            join(process, group);
            process.add(new Parcel.Membership(group, channel, true));
        }
    }

    /// It discards one from a group.
    public void discard(String group, String channel) {
        if (isOpen(channel)) {
            openMembers.computeIfPresent(group, (name, members) -> {
                members.remove(channel);
                return members.isEmpty() ? null : members;
            });
            return;
        }
        ChannelProcess process = byAddress.get(address(channel));
        if (process != null) {
            process.add(new Parcel.Membership(group, channel, false));
        }
    }

    /// Puts a message into all channels of a group that have room for it.
    public void sendToGroup(String group, byte[] content, long maxBytes) {
        sentToGroup();
        deliver(group, content, maxBytes);
    }

    /// Counts one.
    void sentToGroup() {
        counts.sentToGroup();
    }

    /// The same, of one that has been counted.
    void deliver(String group, byte[] content, long maxBytes) {
        sweep();
        for (ChannelProcess process : List.copyOf(groups.getOrDefault(group, Set.of()))) {
            if (process.hasRoom(content.length, maxBytes)) {
                process.add(new Parcel.ToGroup(group, content));
            } else {
                counts.dropped(1);
            }
        }
        Map<String, OpenMember> members = openMembers.get(group);
        if (members != null) {
            sendToOpen(group, members, content);
        }
    }

    // A channel that nobody has read for so long leaves its groups meanwhile.
    private void sendToOpen(String group, Map<String, OpenMember> members, byte[] content) {
        open.expire(members.keySet());
        long now = nanos.getAsLong();
        members.values().removeIf(member -> member.untilNanos() - now < 0);
        members.forEach((channel, member) -> {
            if (!open.send(channel, content, member.limits())) {
                counts.dropped(1);
            }
        });
        if (members.isEmpty()) {
            openMembers.remove(group);
        }
    }

    private void leaveAll(String channel) {
        openMembers.values().forEach(members -> members.remove(channel));
    }

    // ---- all of it

    /// Empties a layer.
    ///
    /// @param asker who wants that, and is told with its number; null for another server
    public void flush(String layer, @Nullable ChannelProcess asker, long number) {
        String prefix = layer + ":";
        open.clear(prefix);
        openMembers.keySet().removeIf(group -> group.startsWith(prefix));
        for (ChannelProcess process : List.copyOf(processes.values())) {
            List.copyOf(process.groups()).stream()
                    .filter(group -> group.startsWith(prefix))
                    .forEach(group -> leave(process, group));
            process.add(new Parcel.Flush(layer, process == asker ? number : 0));
        }
    }

    /// Now and then: takes out what has expired, and channels with it from groups. Called where something is sent, so
    /// what is never sent again is small.
    private void sweep() {
        long now = nanos.getAsLong();
        if (now - swept < SWEEP_NANOS) {
            return;
        }
        swept = now;
        open.expire();
        openMembers.values().forEach(members -> members.values().removeIf(member -> member.untilNanos() - now < 0));
        openMembers.values().removeIf(Map::isEmpty);
    }

    /// What a process tells of messages for its own channels.
    public void told(int dropped, int expired) {
        counts.dropped(dropped);
        counts.expired(expired);
    }

    /// Figures of this server.
    public ChannelSnapshot counts() {
        long backlog = processes.values().stream()
                .mapToLong(ChannelProcess::pendingBytes)
                .sum();
        return new ChannelSnapshot(
                processes.size(),
                (long) groups.size() + openMembers.size(),
                open.size(),
                backlog + open.bytes(),
                counts.sent(),
                counts.refused(),
                counts.sentToGroups(),
                counts.dropped(),
                counts.expired());
    }
}

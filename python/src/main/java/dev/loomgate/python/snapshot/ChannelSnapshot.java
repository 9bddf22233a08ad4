package dev.loomgate.python.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;

/// The channel layers of a program (`loomgate_channels`) in this server, and what has become of their messages since
/// the start.
///
/// @param processes that receive
/// @param groups with members
/// @param openChannels without a `!` that have messages here, or somebody here who waits for one
/// @param backlogBytes of messages that processes haven't taken
/// @param sent to a channel of another process, or one without a `!`
/// @param refused because that was full
/// @param sentToGroups once for each, however many members there are
/// @param dropped because a channel was full, or a process has too large a backlog
/// @param expired because nobody has received them
public record ChannelSnapshot(
        long processes,
        long groups,
        long openChannels,
        long backlogBytes,
        long sent,
        long refused,
        long sentToGroups,
        long dropped,
        long expired) {
    /// All of them, by the names that the layer's `counts` has.
    public Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("processes", processes);
        named.put("groups", groups);
        named.put("backlog_bytes", backlogBytes);
        named.put("open_channels", openChannels);
        named.put("sent", sent);
        named.put("refused", refused);
        named.put("sent_to_groups", sentToGroups);
        named.put("dropped", dropped);
        named.put("expired", expired);
        return named;
    }

    /// Whether the program has made use of one.
    public boolean isUsed() {
        return processes + openChannels + sent + refused + sentToGroups > 0;
    }
}

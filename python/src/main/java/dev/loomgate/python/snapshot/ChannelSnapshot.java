package dev.loomgate.python.snapshot;

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
    /// Whether the program has made use of one.
    public boolean isUsed() {
        return processes + openChannels + sent + refused + sentToGroups > 0;
    }
}

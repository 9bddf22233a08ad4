package dev.loomgate.python.shared;

/// What has become of messages. Used by one thread.
final class ChannelCounts {
    private long sent;
    private long refused;
    private long sentToGroups;
    private long dropped;
    private long expired;

    /// @param isDone whether the channel had room
    void sent(boolean isDone) {
        if (isDone) {
            sent++;
        } else {
            refused++;
        }
    }

    void sentToGroup() {
        sentToGroups++;
    }

    void dropped(int count) {
        dropped += count;
    }

    void expired(int count) {
        expired += count;
    }

    long sent() {
        return sent;
    }

    long refused() {
        return refused;
    }

    long sentToGroups() {
        return sentToGroups;
    }

    long dropped() {
        return dropped;
    }

    long expired() {
        return expired;
    }
}

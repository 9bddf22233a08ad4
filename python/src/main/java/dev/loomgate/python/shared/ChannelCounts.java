package dev.loomgate.python.shared;

import java.util.Map;

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

    void addTo(Map<String, Long> figures) {
        figures.put("sent", sent);
        figures.put("refused", refused);
        figures.put("sent_to_groups", sentToGroups);
        figures.put("dropped", dropped);
        figures.put("expired", expired);
    }
}

package dev.loomgate.python.shared;

/// Is told what the processes of this server listen to. Loop side.
public interface ChannelInterest {
    /// The first process has members in a group.
    void joined(String group);

    /// The last one has left it.
    void left(String group);

    /// Somebody waits for a message of a channel that any process receives from, and nobody did before.
    void waits(String channel);

    /// Nobody does any more.
    void waitsNoMore(String channel);

    /// Nobody wants to know.
    static ChannelInterest none() {
        return new ChannelInterest() {
            @Override
            public void joined(String group) {}

            @Override
            public void left(String group) {}

            @Override
            public void waits(String channel) {}

            @Override
            public void waitsNoMore(String channel) {}
        };
    }
}

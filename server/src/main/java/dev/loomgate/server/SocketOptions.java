package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;

/// How the sockets are made that a server listens on.
///
/// @param socketOwner whom unix sockets in the file system are given to, as `USER`, `USER:GROUP` or `:GROUP`, by name
///     or by number; empty for nobody else
/// @param keepAlive whether the kernel looks now and then whether an idle TCP client is still there
/// @param reusePort whether other processes of the same user may listen on the same TCP port, which share its
///     connections
/// @param freeBind whether an IP address may be bound that this machine doesn't have yet
/// @param sendBufferBytes what the kernel keeps for a TCP client that takes it later; 0 for what the kernel chooses
/// @param receiveBufferBytes what the kernel keeps of a TCP client until it is read; 0 for what the kernel chooses
public record SocketOptions(
        String socketOwner,
        boolean keepAlive,
        boolean reusePort,
        boolean freeBind,
        int sendBufferBytes,
        int receiveBufferBytes) {

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public SocketOptions {
        InvalidSetting.requireAtLeast(0, "sendBufferBytes", sendBufferBytes);
        InvalidSetting.requireAtLeast(0, "receiveBufferBytes", receiveBufferBytes);
    }

    /// The options of a server that nobody configured.
    public static SocketOptions defaults() {
        return builder().build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private String socketOwner = "";
        private boolean keepAlive;
        private boolean reusePort;
        private boolean freeBind;
        private int sendBufferBytes;
        private int receiveBufferBytes;

        private Builder() {}

        public Builder socketOwner(String userAndGroup) {
            socketOwner = userAndGroup;
            return this;
        }

        public Builder keepAlive(boolean on) {
            keepAlive = on;
            return this;
        }

        public Builder reusePort(boolean on) {
            reusePort = on;
            return this;
        }

        public Builder freeBind(boolean on) {
            freeBind = on;
            return this;
        }

        /// @param bytes 0 for what the kernel chooses
        public Builder sendBufferBytes(int bytes) {
            sendBufferBytes = bytes;
            return this;
        }

        /// @param bytes 0 for what the kernel chooses
        public Builder receiveBufferBytes(int bytes) {
            receiveBufferBytes = bytes;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public SocketOptions build() {
            return new SocketOptions(socketOwner, keepAlive, reusePort, freeBind, sendBufferBytes, receiveBufferBytes);
        }
    }
}

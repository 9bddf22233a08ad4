package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;

/// How HTTP/3 is spoken. Error messages name the components, by [ServerOptions#settingNames].
///
/// Where it is on, each listener for HTTPS has a UDP port of the same number beside its TCP port, and responses over
/// TLS
/// say so (`Alt-Svc`). It has the certificates of [TlsOptions] and the limits of [Limits]. It needs a native library,
/// which there is for Linux on x86-64.
///
/// @param http3 whether it is spoken; it is experimental, and off by default
/// @param maxHttp3Streams requests that a client may have at once on a connection; it can't send more
/// @param maxHttp3Resets streams of a connection that end by a reset within ten seconds; past it, the connection ends
/// @param maxHttp3ControlFrames frames of a connection's control stream within ten seconds; past it, the connection
///     ends
/// @param maxHttp3Handshakes handshakes that are under way at once on a listener before clients have to prove their
///     address first, which takes them one more round trip; 0 for always
/// @param altSvcPort the port that `Alt-Svc` names; 0 for the listener's. Another one where a router in front has
///     another one
public record Http3Options(
        boolean http3,
        int maxHttp3Streams,
        int maxHttp3Resets,
        int maxHttp3ControlFrames,
        int maxHttp3Handshakes,
        int altSvcPort) {

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public Http3Options {
        InvalidSetting.requireAtLeast(1, "maxHttp3Streams", maxHttp3Streams);
        InvalidSetting.requireAtLeast(1, "maxHttp3Resets", maxHttp3Resets);
        InvalidSetting.requireAtLeast(1, "maxHttp3ControlFrames", maxHttp3ControlFrames);
        InvalidSetting.requireAtLeast(0, "maxHttp3Handshakes", maxHttp3Handshakes);
        InvalidSetting.requireAtLeast(0, "altSvcPort", altSvcPort);
        InvalidSetting.requireAtMost(65535, "altSvcPort", altSvcPort);
    }

    /// The options of a server that nobody configured.
    public static Http3Options defaults() {
        return builder().build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private boolean http3;
        private int maxHttp3Streams = 100;
        private int maxHttp3Resets = 200;
        private int maxHttp3ControlFrames = 1000;
        private int maxHttp3Handshakes = 100;
        private int altSvcPort;

        private Builder() {}

        public Builder http3(boolean on) {
            http3 = on;
            return this;
        }

        /// @param streams at least 1
        public Builder maxHttp3Streams(int streams) {
            maxHttp3Streams = streams;
            return this;
        }

        /// @param resets at least 1
        public Builder maxHttp3Resets(int resets) {
            maxHttp3Resets = resets;
            return this;
        }

        /// @param frames at least 1
        public Builder maxHttp3ControlFrames(int frames) {
            maxHttp3ControlFrames = frames;
            return this;
        }

        /// @param handshakes 0 for none
        public Builder maxHttp3Handshakes(int handshakes) {
            maxHttp3Handshakes = handshakes;
            return this;
        }

        /// @param port 0 to 65535
        public Builder altSvcPort(int port) {
            altSvcPort = port;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public Http3Options build() {
            return new Http3Options(
                    http3, maxHttp3Streams, maxHttp3Resets, maxHttp3ControlFrames, maxHttp3Handshakes, altSvcPort);
        }
    }
}

package dev.loomgate.server.stream;

import org.jspecify.annotations.Nullable;

/// Counts what a client makes the server do for nothing, over ten seconds. Loop side only.
///
/// | counted | attack |
/// |---|---|
/// | streams that end by a reset of the client, or by one for its faults | Rapid Reset, MadeYouReset |
/// | frames that carry nothing: SETTINGS, PING, PRIORITY, empty DATA, unknown ones | floods of each |
/// | HTTP/2: WINDOW_UPDATEs beyond two a DATA frame; DATA frames cut short by a tiny window | window games |
public final class FloodWatch {
    private static final int INTERVAL_SECONDS = 10;
    private static final long INTERVAL_NANOS = INTERVAL_SECONDS * 1_000_000_000L;

    /// A limit that a client has passed.
    ///
    /// @param what it has sent too much of
    /// @param limit how much was allowed
    /// @param setting the limit's
    /// @param overTime whether it has done so within the interval
    public record Flood(String what, int limit, String setting, boolean overTime) {
        /// The operator's line.
        ///
        /// @param protocol such as `http2`
        /// @param client its address; null for one of a unix socket
        /// @param named the setting's name, as the operator knows it
        public String line(String protocol, @Nullable String client, String named) {
            return "%s: over %d %s from %s%s (%s): the connection ends"
                    .formatted(
                            protocol,
                            limit,
                            what,
                            client == null ? "a unix socket" : client,
                            overTime ? " within %d s".formatted(INTERVAL_SECONDS) : "",
                            named);
        }
    }

    /// How much is allowed in ten seconds.
    ///
    /// @param most how many
    /// @param setting that says so
    public record Limit(int most, String setting) {}

    private final Limit maxResets;
    private final Limit maxControlFrames;
    private int resets;
    private int controls;
    private int windowUpdatesAllowed;
    private long since;

    public FloodWatch(Limit maxResets, Limit maxControlFrames, long now) {
        this.maxResets = maxResets;
        this.maxControlFrames = maxControlFrames;
        since = now;
    }

    /// Begins to count again after an interval.
    public void tick(long now) {
        if (now - since >= INTERVAL_NANOS) {
            since = now;
            resets = 0;
            controls = 0;
        }
    }

    /// A stream has been reset.
    public void reset() {
        resets++;
    }

    /// A frame without content has come.
    public void control() {
        controls++;
    }

    /// A WINDOW_UPDATE has come.
    public void windowUpdate() {
        if (windowUpdatesAllowed > 0) {
            windowUpdatesAllowed--;
        } else {
            controls++;
        }
    }

    /// A DATA frame has been sent, which the client answers with the windows of stream and connection.
    ///
    /// @param tiny whether it had to be
    public void dataSent(boolean tiny) {
        if (tiny) {
            controls++;
        }
        if (windowUpdatesAllowed < maxControlFrames.most()) {
            windowUpdatesAllowed += 2;
        }
    }

    /// The limit that has been passed; null if none has.
    public @Nullable Flood flood() {
        if (resets > maxResets.most()) {
            return new Flood("reset streams", maxResets.most(), maxResets.setting(), true);
        }
        if (controls > maxControlFrames.most()) {
            return new Flood("frames without content", maxControlFrames.most(), maxControlFrames.setting(), true);
        }
        return null;
    }
}

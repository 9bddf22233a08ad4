package dev.loomgate.server.http2;

import dev.loomgate.server.Http2Options;
import org.jspecify.annotations.Nullable;

/// Counts what a client makes the server do for nothing, over [#INTERVAL_NANOS]. Loop side only.
///
/// | counted | attack |
/// |---|---|
/// | streams that end by a reset of the client, or by one for its faults | Rapid Reset, MadeYouReset |
/// | frames that carry nothing: SETTINGS, PING, PRIORITY, empty DATA, unknown ones | floods of each |
/// | WINDOW_UPDATEs beyond two for each DATA frame sent; DATA frames that a tiny window cuts short | window games |
final class FloodWatch {
    static final long INTERVAL_NANOS = 10_000_000_000L;
    static final int INTERVAL_SECONDS = 10;

    /// A limit that a client has passed.
    ///
    /// @param what it has sent too much of
    /// @param limit how much was allowed
    /// @param setting the limit's
    /// @param overTime whether it has done so within the interval
    record Flood(String what, int limit, String setting, boolean overTime) {}

    private final Http2Options options;
    private int resets;
    private int controls;
    private int windowUpdatesAllowed;
    private long since;

    FloodWatch(Http2Options options, long now) {
        this.options = options;
        since = now;
    }

    /// Begins to count again after an interval.
    void tick(long now) {
        if (now - since >= INTERVAL_NANOS) {
            since = now;
            resets = 0;
            controls = 0;
        }
    }

    /// A stream has been reset.
    void reset() {
        resets++;
    }

    /// A frame without content has come.
    void control() {
        controls++;
    }

    /// A WINDOW_UPDATE has come.
    void windowUpdate() {
        if (windowUpdatesAllowed > 0) {
            windowUpdatesAllowed--;
        } else {
            controls++;
        }
    }

    /// A DATA frame has been sent, which the client answers with the windows of stream and connection.
    ///
    /// @param tiny whether it had to be
    void dataSent(boolean tiny) {
        if (tiny) {
            controls++;
        }
        if (windowUpdatesAllowed < options.maxControlFrames()) {
            windowUpdatesAllowed += 2;
        }
    }

    /// The limit that has been passed; null if none has.
    @Nullable
    Flood flood() {
        if (resets > options.maxResets()) {
            return new Flood("reset streams", options.maxResets(), "maxResets", true);
        }
        if (controls > options.maxControlFrames()) {
            return new Flood("frames without content", options.maxControlFrames(), "maxControlFrames", true);
        }
        return null;
    }
}

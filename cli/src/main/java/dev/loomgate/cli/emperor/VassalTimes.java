package dev.loomgate.cli.emperor;

import java.time.Duration;
import java.time.Instant;

/// When what happened to a vassal, for its statistics. Used by the emperor's thread.
final class VassalTimes {
    private static final Instant NEVER = Instant.EPOCH;

    private Instant firstStarted = NEVER;
    private Instant lastStarted = NEVER;
    private Instant lastServed = NEVER;
    private Instant lastHeartbeat = NEVER;
    private long servedNanos;
    private long heartbeatNanos;
    private boolean beats;
    private int restarts;

    void started() {
        lastStarted = Instant.now();
        if (firstStarted.equals(NEVER)) {
            firstStarted = lastStarted;
        }
        beats = false;
    }

    /// Because its file has changed.
    void restarted() {
        started();
        restarts++;
    }

    void served() {
        lastServed = Instant.now();
        servedNanos = System.nanoTime();
    }

    /// How long it is since it began to serve.
    Duration servedFor() {
        return Duration.ofNanos(System.nanoTime() - servedNanos);
    }

    void heartbeat() {
        beats = true;
        lastHeartbeat = Instant.now();
        heartbeatNanos = System.nanoTime();
    }

    /// Whether its process has sent a heartbeat, and none for longer than that.
    boolean isSilentFor(Duration limit) {
        return beats && System.nanoTime() - heartbeatNanos > limit.toNanos();
    }

    void forgetHeartbeat() {
        beats = false;
    }

    long firstStarted() {
        return firstStarted.getEpochSecond();
    }

    long lastStarted() {
        return lastStarted.getEpochSecond();
    }

    long lastServed() {
        return lastServed.getEpochSecond();
    }

    long lastHeartbeat() {
        return lastHeartbeat.getEpochSecond();
    }

    int restarts() {
        return restarts;
    }
}

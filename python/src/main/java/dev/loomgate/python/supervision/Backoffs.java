package dev.loomgate.python.supervision;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A [Backoff] for each slot of a fleet, through all of its generations. Loop side only.
final class Backoffs {
    private final Map<Integer, Backoff> slots = new HashMap<>();

    /// Returns how long to wait before another one is forked.
    Duration died(WorkerProcess process) {
        return slots.computeIfAbsent(process.slot(), slot -> new Backoff())
                .died(process.ageNanos(), process.hasServed());
    }
}

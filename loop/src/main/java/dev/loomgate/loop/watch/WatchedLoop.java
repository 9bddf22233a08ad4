package dev.loomgate.loop.watch;

import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.failures.Failures;
import java.util.List;
import java.util.function.Supplier;

/// A loop as the watchdog sees it.
///
/// @param name the loop's
/// @param mayChangeThread whether another OS thread may go on with it
/// @param failures logs what fails while it is looked at
/// @param microthreads those that live now
public record WatchedLoop(
        String name,
        LoopCarrier carrier,
        boolean mayChangeThread,
        Failures failures,
        Supplier<List<LiveMicrothread>> microthreads) {}

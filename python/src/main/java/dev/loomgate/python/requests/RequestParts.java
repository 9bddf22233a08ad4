package dev.loomgate.python.requests;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.direct.DirectMode;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import org.jspecify.annotations.Nullable;

/// What all workers that answer requests share.
///
/// @param snapshots what is to be seen of them
/// @param direct null where they take no connections themselves
record RequestParts(
        HomeLoop home,
        PythonOptions options,
        UwsgiCalls calls,
        Pace pace,
        Pool pool,
        WorkerSnapshots snapshots,
        @Nullable DirectMode direct) {}

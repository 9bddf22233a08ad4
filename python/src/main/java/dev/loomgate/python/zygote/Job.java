package dev.loomgate.python.zygote;

import java.util.HashMap;
import java.util.Map;

/// What a process does that answers no requests, as the zygote is told with its fork (docs/worker-protocol.md).
///
/// @param kind the module of `loomgate_worker.background` that does it: `spooler`
/// @param number of the process among those of its role, from 1
/// @param details what that module has to know; values as JSON has them
public record Job(String kind, int number, Map<String, Object> details) {
    public Job {
        details = Map.copyOf(details);
    }

    Map<String, Object> json() {
        Map<String, Object> all = new HashMap<>(details);
        all.put("kind", kind);
        all.put("number", number);
        return all;
    }
}

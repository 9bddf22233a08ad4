package dev.loomgate.python.zygote;

import dev.loomgate.python.MuleOptions;
import java.util.List;
import java.util.Map;

/// What all processes have to know of the mules (docs/worker-protocol.md, `mules`).
record MuleBoot(MuleOptions options) {
    Map<String, Object> json() {
        return Map.of(
                "count",
                options.programs().size(),
                "farms",
                options.farms().stream()
                        .map(farm -> List.of(farm.name(), farm.mules()))
                        .toList(),
                "message_size",
                options.messageSize(),
                "receive_size",
                options.receiveSize());
    }
}

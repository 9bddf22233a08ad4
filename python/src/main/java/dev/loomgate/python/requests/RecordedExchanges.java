package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import io.netty.util.collection.IntObjectHashMap;
import jdk.jfr.FlightRecorder;

/// The events of what a worker has been sent, while a recording wants them; else it is empty. Loop side only.
final class RecordedExchanges {
    private final int worker;
    private final long pid;
    private final IntObjectHashMap<WorkerExchangeEvent> events = new IntObjectHashMap<>(2);

    /// @param worker its number
    /// @param pid its process's id
    RecordedExchanges(int worker, long pid) {
        this.worker = worker;
        this.pid = pid;
    }

    /// The worker has that call from now on.
    void begun(Call call) {
        WorkerExchangeEvent event = FlightRecorder.isInitialized() ? WorkerExchangeEvent.begun() : null;
        if (event != null) {
            events.put(call.id(), event);
        }
    }

    /// The worker has given the call back: that was no exchange.
    void returned(Call call) {
        if (!events.isEmpty()) {
            events.remove(call.id());
        }
    }

    /// The worker has answered the call, or died in it.
    void over(Call call) {
        if (!events.isEmpty()) {
            WorkerExchangeEvent event = events.remove(call.id());
            if (event != null) {
                event.over(worker, pid, call);
            }
        }
    }
}

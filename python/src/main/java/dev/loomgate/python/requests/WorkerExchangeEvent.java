package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// JDK Flight Recorder's event of a request that a worker has had, from when it was sent until the last frame of the
/// response came. Off until a recording asks for it. Loop side only.
@Name("dev.loomgate.WorkerExchange")
@Label("Worker Exchange")
@Category({"Loomgate"})
@Description("A request that a Python worker has had: from when it was sent until the end of its response")
@Enabled(false)
@Threshold("0 ms")
@StackTrace(false)
final class WorkerExchangeEvent extends Event {
    // Read by the recorder alone.
    @Label("Worker")
    int worker;

    @Label("Process Identifier")
    long pid;

    @Label("Method")
    @Nullable
    String method;

    @Label("Path")
    @Nullable
    String path;

    private WorkerExchangeEvent() {}

    /// One that begins now; null while none is recorded. Only where [jdk.jfr.FlightRecorder#isInitialized]:
    /// an event's class takes the whole recorder along, six hundred classes.
    static @Nullable WorkerExchangeEvent begun() {
        WorkerExchangeEvent event = new WorkerExchangeEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /// It ends now: recorded if it is over the threshold.
    ///
    /// @param number the worker's
    /// @param process the id of its process
    void over(int number, long process, Call call) {
        end();
        if (shouldCommit()) {
            worker = number;
            pid = process;
            method = call.method();
            String target = call.target();
            int query = target.indexOf('?');
            path = query < 0 ? target : target.substring(0, query);
            commit();
        }
    }
}

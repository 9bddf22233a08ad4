package dev.loomgate.loop.turns;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// JDK Flight Recorder's event of what a loop has run between two looks for I/O: microthreads, timers, and what
/// microthreads handed over. For so long its sockets have waited. Off until a recording asks for it.
@Name("dev.loomgate.LoopTurn")
@Label("Loop Turn")
@Category({"Loomgate"})
@Description("What a loop has run between two looks for I/O; its sockets have waited meanwhile")
@Enabled(false)
@Threshold("20 ms")
@StackTrace(false)
final class LoopTurnEvent extends Event {
    // Read by the recorder alone.
    @Label("Loop")
    @Nullable
    String loop;

    private LoopTurnEvent() {}

    /// One that begins now; null while none is recorded. Only where [jdk.jfr.FlightRecorder#isInitialized]:
    /// an event's class takes the whole recorder along, six hundred classes.
    static @Nullable LoopTurnEvent begun() {
        LoopTurnEvent event = new LoopTurnEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    /// It ends now: recorded if it is over the threshold.
    ///
    /// @param name the loop's
    void over(String name) {
        end();
        if (shouldCommit()) {
            loop = name;
            commit();
        }
    }
}

package dev.loomgate.server.call;

import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.ResponseHead;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/// JDK Flight Recorder's event of a request: from when its microthread began to run until it ended, behind the
/// response. Its thread is the microthread, so what other events tell of that thread happened in this request.
/// Off until a recording asks for it.
@Name("dev.loomgate.Request")
@Label("Request")
@Category({"Loomgate"})
@Description("A request: from the begin of its microthread to its end")
@Enabled(false)
@Threshold("0 ms")
@StackTrace(false)
final class RequestEvent extends Event {
    // As in the access log.
    private static final int CLIENT_CLOSED_REQUEST = 499;
    // Read by the recorder alone.
    @Label("Method")
    @Nullable
    String method;

    @Label("Path")
    @Nullable
    String path;

    @Label("Route")
    @Nullable
    String route;

    @Label("Status")
    int status;

    @Label("Loop")
    @Nullable
    String loop;

    private RequestEvent() {}

    /// One that begins now; null while none is recorded. Only where [jdk.jfr.FlightRecorder#isInitialized]:
    /// an event's class takes the whole recorder along, six hundred classes.
    static @Nullable RequestEvent begun(Exchange exchange) {
        RequestEvent event = new RequestEvent();
        if (!event.isEnabled()) {
            return null;
        }
        exchange.takingRoute();
        event.begin();
        return event;
    }

    /// It ends now: recorded if it is over the threshold.
    void over(Exchange exchange) {
        end();
        if (shouldCommit()) {
            method = String.valueOf(exchange.variables().get("REQUEST_METHOD"));
            path = path(String.valueOf(exchange.variables().get("REQUEST_URI")));
            route = exchange.route();
            ResponseHead head = exchange.head();
            status = head == null ? CLIENT_CLOSED_REQUEST : head.status().code();
            loop = exchange.loop().toString();
            commit();
        }
    }

    // Recordings are passed on more freely than access logs, and queries have tokens in them.
    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}

package dev.loomgate.cli.dashboard;

import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.EventStream;
import dev.loomgate.toolkit.events.Subscription;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `/events`: server-sent events, of the HTML standard section 9.2. First what the page is about, then a tick a second.
///
/// ```text
/// event: hello
/// data: {"version":"0.1.0","pid":4711,"admin":false,"panels":["history","requests"]}
///
/// event: message
/// data: {"time":1790000000000,"panels":{"history":{},"requests":{}}}
///
/// event: message
/// data: {"time":1790000001000,"trouble":"the loop of a Python application is held"}
/// ```
///
/// @param most pages that may be open at once, for the message
record Events(Ticker ticker, Hello hello, int most) {
    /// @param started when the server was, in milliseconds since 1970
    /// @param admin whether actions are allowed
    record Hello(String version, long pid, long started, boolean admin, List<String> panels) {}

    Response get(Request request) {
        Subscription ticks = joined();
        return Response.events(request, events -> send(events, ticks)).onClose(ticks::close);
    }

    private Subscription joined() {
        try {
            return ticker.join();
        } catch (ServiceUnavailable _) {
            throw new ServiceUnavailable(
                    "%d pages are open already, and no more may be (--dashboard-clients)".formatted(most));
        }
    }

    private void send(EventStream events, Subscription ticks) throws IOException, InterruptedException {
        events.send(Event.of(JsonCodec.jackson().write(hello)).withName("hello"));
        Optional<Event> newest = ticker.newest();
        Optional<Event> next = newest.isPresent() ? newest : ticks.take();
        while (next.isPresent()) {
            events.send(next.get());
            next = ticks.take();
        }
    }
}

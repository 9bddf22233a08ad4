package dev.loomgate.cli.dashboard;

import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

    /// An event in the form of the stream.
    ///
    /// @param json in one line
    static byte[] frame(String event, byte[] json) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(json.length + 32);
        frame.writeBytes(("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        frame.writeBytes(json);
        frame.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return frame.toByteArray();
    }

    Response get(Request request) {
        Viewer viewer = ticker.join()
                .orElseThrow(() -> new ServiceUnavailable(
                        "%d pages are open already, and no more may be (--dashboard-clients)".formatted(most)));
        request.environ().stopping().ifPresent(stopping -> stopping.thenRun(viewer::end));
        request.environ().clientGone().ifPresent(gone -> gone.thenRun(viewer::end));
        return Response.stream("text/event-stream", writer -> {
                    writer.write(frame("hello", JsonCodec.jackson().write(hello)));
                    for (byte[] frame = viewer.next(); frame.length > 0; frame = viewer.next()) {
                        writer.write(frame);
                    }
                })
                .header("X-Accel-Buffering", "no")
                .onClose(() -> ticker.leave(viewer));
    }
}

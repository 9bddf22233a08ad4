package dev.loomgate.server.call;

import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.ResponseHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends content whose bytes come one by one: the head with the first of them, and never more than was declared.
/// Microthread only.
final class ResponseWriter implements BodyWriter {
    private final Exchange exchange;
    private final StartedResponse response;
    private @Nullable Outlet outlet;
    private long declared = ResponseHead.UNKNOWN;
    private long written;

    ResponseWriter(Exchange exchange, StartedResponse response) {
        this.exchange = exchange;
        this.response = response;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        if (length == 0) {
            return;
        }
        Outlet out = begun();
        if (declared != ResponseHead.UNKNOWN && written + length > declared) {
            throw new IOException("Content-Length is %d, but the body goes on after %d bytes with %d more"
                    .formatted(declared, written, length));
        }
        written += length;
        out.put(bytes);
    }

    private Outlet begun() {
        Outlet opened = outlet;
        if (opened == null) {
            ResponseHead head = response.commit(ResponseHead.UNKNOWN);
            declared = head.length();
            opened = open(head, true);
        }
        return opened;
    }

    /// Begins a response whose content goes through the outlet that is returned.
    ///
    /// @param written whether the application writes the content
    Outlet open(ResponseHead head, boolean written) {
        Outlet opened = new Outlet(exchange);
        outlet = opened;
        exchange.stream(head, opened, written);
        return opened;
    }

    /// The content is complete.
    ///
    /// @throws BrokenResponse if it is shorter than declared
    void end() {
        if (outlet == null && exchange.trailers() == null) {
            // Nothing was written, so the length is known after all.
            exchange.whole(response.commit(0), new byte[0]);
            return;
        }
        Outlet out = begun();
        if (declared != ResponseHead.UNKNOWN && written < declared) {
            throw new BrokenResponse(
                    "Content-Length is %d, but the body ends after %d bytes".formatted(declared, written));
        }
        out.end(false);
    }

    /// The content can't be completed: the connection is broken off after what has been written.
    void breakOff() {
        if (outlet != null) {
            outlet.end(true);
        }
    }
}

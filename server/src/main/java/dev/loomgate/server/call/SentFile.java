package dev.loomgate.server.call;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.server.exchange.Outlet;
import io.netty.channel.FileRegion;
import java.io.InterruptedIOException;

/// A file that is the rest of a response, on its way to the client. Microthread only.
record SentFile(Outlet outlet, FileRegion region) {
    /// Sends it after what the outlet was given.
    static SentFile begin(Outlet outlet, FileRegion region) {
        outlet.putFile(region);
        return new SentFile(outlet, region);
    }

    /// Waits until the client has taken it, and ends the response. Releases the file in any case.
    void await() throws ClientGone, InterruptedIOException {
        outlet.awaitFile(region);
        outlet.end(false);
    }
}

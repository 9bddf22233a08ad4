package dev.loomgate.server.call;

import dev.loomgate.gateway.Application;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.server.exchange.Exchange;

/// What all calls of a server's application have in common.
///
/// @param application which is called
/// @param multithreaded whether two calls may run at the same time
/// @param development whether a 500 answer shows the exception to the client
/// @param spool where long bodies wait for slow clients
public record Calls(Application application, boolean multithreaded, boolean development, Spool spool) {
    /// The call that answers a request, for a microthread to run.
    public Runnable call(Exchange exchange) {
        return new ApplicationCall(exchange, this);
    }
}

package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.ClientGone;

/// 400 that no client will receive: it disconnected before the request was complete.
public final class ClientDisconnected extends BadRequest {
    private static final long serialVersionUID = 1;

    private final ClientGone gone;

    public ClientDisconnected(ClientGone gone) {
        super("The client disconnected before the request was complete.", gone);
        this.gone = gone;
    }

    /// What the gateway's input threw: pass it on to the container, which then needn't log an error.
    public ClientGone gone() {
        return gone;
    }
}

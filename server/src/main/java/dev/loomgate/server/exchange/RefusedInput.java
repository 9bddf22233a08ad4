package dev.loomgate.server.exchange;

import java.io.IOException;

/// The request's body can't be read on, by the client's fault: too long, too slow, or not framed as HTTP wants it.
///
/// An application may catch it as the [IOException] that it is; if it doesn't, the refusal's status is the answer.
public final class RefusedInput extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    public RefusedInput(Refusal refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    /// What the client did wrong.
    public Refusal refusal() {
        return refusal;
    }
}

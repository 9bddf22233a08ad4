package dev.loomgate.toolkit.security;

/// A token that is worth nothing: expired, forged, or meant for others. The client is told why.
public final class InvalidToken extends Exception {
    private static final long serialVersionUID = 1;

    /// @param reason one sentence in ASCII, without anything of the token, quotes and backslashes (RFC
    /// 6750 section 3)
    public InvalidToken(String reason) {
        super(reason, null, false, false);
    }

    /// @param cause what led to it, never shown to a client
    public InvalidToken(String reason, Throwable cause) {
        super(reason, cause, false, false);
    }

    /// Why.
    public String reason() {
        String reason = getMessage();
        return reason == null ? "" : reason;
    }
}

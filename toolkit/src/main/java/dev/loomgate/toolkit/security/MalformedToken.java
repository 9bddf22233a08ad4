package dev.loomgate.toolkit.security;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.exceptions.BadRequest;

/// 400 with a challenge (RFC 6750 section 3.1).
final class MalformedToken extends BadRequest {
    private static final long serialVersionUID = 1;

    private final String challenge;

    MalformedToken(String challenge) {
        super("The header Authorization has no well-formed token.");
        this.challenge = challenge;
    }

    @Override
    public Headers headers() {
        return super.headers().add("WWW-Authenticate", challenge);
    }
}

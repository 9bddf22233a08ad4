package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.util.List;

/// 401: the client must say who it is.
public final class Unauthorized extends HttpException {
    private static final long serialVersionUID = 1;

    private final transient List<String> challenges;

    /// With the usual text and no challenge.
    public Unauthorized() {
        super(401, null);
        challenges = List.of();
    }

    /// @param challenges the values of WWW-Authenticate, such as `Basic realm="x"`: RFC 9110 wants one at least
    public Unauthorized(String description, String... challenges) {
        super(401, description);
        this.challenges = List.of(challenges);
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        challenges.forEach(challenge -> headers.add("WWW-Authenticate", challenge));
        return headers;
    }
}

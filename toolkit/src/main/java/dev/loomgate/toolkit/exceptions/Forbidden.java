package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.util.List;

/// 403: the client is known, and may not have what it asks for.
public final class Forbidden extends HttpException {
    private static final long serialVersionUID = 1;

    private final transient List<String> challenges;

    /// With the usual text.
    public Forbidden() {
        super(403, null);
        challenges = List.of();
    }

    /// @param challenges values of WWW-Authenticate, where other credentials would do: RFC 6750
    /// section 3.1 has one
    public Forbidden(String description, String... challenges) {
        super(403, description);
        this.challenges = List.of(challenges);
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        challenges.forEach(challenge -> headers.add("WWW-Authenticate", challenge));
        return headers;
    }
}

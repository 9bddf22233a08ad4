package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// 429: the client sends more requests than it may (RFC 6585).
public final class TooManyRequests extends HttpException {
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    /// With the usual text.
    public TooManyRequests() {
        super(429, null);
        retryAfter = null;
    }

    public TooManyRequests(String description) {
        super(429, description);
        retryAfter = null;
    }

    /// @param retryAfter when to try again, in whole seconds from now, for `Retry-After`
    public TooManyRequests(Duration retryAfter) {
        super(429, null);
        this.retryAfter = retryAfter;
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        return retryAfter == null ? headers : headers.add("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
}

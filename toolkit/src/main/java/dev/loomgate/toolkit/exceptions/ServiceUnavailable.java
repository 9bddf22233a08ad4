package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// 503: the server is down for a while, or overloaded.
public final class ServiceUnavailable extends HttpException {
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    /// With the usual text.
    public ServiceUnavailable() {
        super(503, null);
        retryAfter = null;
    }

    public ServiceUnavailable(String description) {
        super(503, description);
        retryAfter = null;
    }

    /// @param retryAfter when to try again, in whole seconds from now, for `Retry-After`
    public ServiceUnavailable(Duration retryAfter) {
        super(503, null);
        this.retryAfter = retryAfter;
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        return retryAfter == null ? headers : headers.add("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
}

package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// 429: the client sends more requests than it may (RFC 6585).
public final class TooManyRequests extends HttpException {
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;
    private final transient Headers fields;

    /// With the usual text.
    public TooManyRequests() {
        super(429, null);
        retryAfter = null;
        fields = new Headers();
    }

    public TooManyRequests(String description) {
        super(429, description);
        retryAfter = null;
        fields = new Headers();
    }

    /// @param retryAfter when to try again, in whole seconds from now, for `Retry-After`
    public TooManyRequests(Duration retryAfter) {
        this(retryAfter, new Headers());
    }

    /// @param retryAfter when to try again, in whole seconds from now, for `Retry-After`
    /// @param fields further header fields, such as `RateLimit`
    public TooManyRequests(Duration retryAfter, Headers fields) {
        super(429, null);
        this.retryAfter = retryAfter;
        this.fields = fields.copy();
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        fields.forEach(headers::add);
        return retryAfter == null ? headers : headers.add("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
}

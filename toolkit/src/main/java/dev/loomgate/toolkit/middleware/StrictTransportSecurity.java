package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import java.time.Duration;

/// Tells browsers to come by HTTPS alone from now on: `Strict-Transport-Security` (RFC 6797) on each response to a
/// request by HTTPS. An application's own field of that name stays.
///
/// ```java
/// Application site = StrictTransportSecurity.of(Duration.ofDays(365)).wrap(application);
/// ```
public final class StrictTransportSecurity implements Middleware {
    private static final String HEADER = "Strict-Transport-Security";

    private final String value;

    private StrictTransportSecurity(String value) {
        this.value = value;
    }

    /// For this host alone.
    ///
    /// @param maxAge how long browsers keep to it; zero takes it back. Whole seconds
    /// @throws IllegalArgumentException if it is negative
    public static StrictTransportSecurity of(Duration maxAge) {
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge is negative: " + maxAge);
        }
        return new StrictTransportSecurity("max-age=" + maxAge.toSeconds());
    }

    /// For all hosts below this one as well.
    public StrictTransportSecurity includeSubDomains() {
        return new StrictTransportSecurity(value + "; includeSubDomains");
    }

    @Override
    public Application wrap(Application inner) {
        // RFC 6797 section 7.2: never by HTTP, where anybody could have said it.
        return Lifecycle.passOn(
                inner,
                (environ, startResponse) -> inner.call(
                        environ,
                        environ.scheme().equals("https")
                                ? StartResponse.mapping(startResponse, (_, headers) -> {
                                    if (!headers.contains(HEADER)) {
                                        headers.set(HEADER, value);
                                    }
                                })
                                : startResponse));
    }
}

package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// Gives each request a name that its log lines can be found by: in `X-Request-ID`, for the application and for
/// the client.
///
/// ```java
/// Application site = RequestId.of().wrap(application);
/// environ.errors().println(RequestId.of(environ) + " no such order");
/// ```
///
/// The application, in whatever language, finds it in `HTTP_X_REQUEST_ID`. What a client sends there is only taken
/// from a proxy that is told to be trusted ([#trusting]), and if it can do no harm in a log.
public final class RequestId implements Middleware {
    private static final String KEY = "HTTP_X_REQUEST_ID";
    private static final String HEADER = "X-Request-ID";
    private static final int MAX_LENGTH = 128;

    private final boolean trusting;

    private RequestId(boolean trusting) {
        this.trusting = trusting;
    }

    /// One that makes a new name for each request.
    public static RequestId of() {
        return new RequestId(false);
    }

    /// One that keeps the name that a request comes with, if it has up to 128 letters, digits and `-_.:+/=`; else,
    /// and for a request without one, it makes one.
    public static RequestId trusting() {
        return new RequestId(true);
    }

    /// The request's name; empty if it has none.
    public static String of(Environ environ) {
        return environ.text(KEY, "");
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            String given = of(environ);
            String id = trusting && isHarmless(given) ? given : next();
            environ.put(KEY, id);
            return inner.call(environ, StartResponse.mapping(startResponse, (_, headers) -> headers.set(HEADER, id)));
        });
    }

    private static boolean isHarmless(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "-_.:+/=".indexOf(c) >= 0);
    }

    // It must not repeat; that nobody could guess it isn't asked.
    private static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}

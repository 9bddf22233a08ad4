package dev.loomgate.security.limits;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.TooManyRequests;
import dev.loomgate.toolkit.routing.Guard;
import dev.loomgate.toolkit.routing.Rule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Answers 429 to a client that sends too many requests.
///
/// ```java
/// Route.post("/login", Accounts::login).guardedBy(RateLimit.of("login", 10, Duration.ofMinutes(1)))
///
/// RateLimit.of("all", 600, Duration.ofMinutes(1)).wrap(site)
/// ```
///
/// Each client has a bucket of requests that is refilled evenly: 10 in a minute is one in 6 seconds,
/// and 10 at once after a quiet minute. As a guard it counts what reaches its rules, once those before
/// it have let it in; as a middleware it counts all.
///
/// A client is an IPv4 address or an IPv6 network of 64 bits, as the server reports it: behind a
/// proxy, what the server or [dev.loomgate.toolkit.proxy.ProxyFix] was told of trusted proxies.
/// Requests without an address, as of a proxy on a unix socket that tells nothing, are one client's;
/// the log says so once.
///
/// | field | has |
/// |---|---|
/// | `Retry-After` | of a 429, in how many seconds there is a request again |
/// | `RateLimit-Policy` | `"login";q=10;w=60`: 10 in 60 seconds |
/// | `RateLimit` | `"login";r=7;t=18`: 7 are left, full in 18 s; of a 429, `t` is when there is one again |
///
/// As a middleware it sets the last two on all responses, as a guard on a 429 only. Immutable: each
/// method returns a new one; all that come from one have its store. Source: RFC 6585 section 4;
/// draft-ietf-httpapi-ratelimit-headers-10.
public final class RateLimit implements Guard, Middleware {
    private static final Logger LOGGER = System.getLogger(RateLimit.class.getName());
    private static final int MOST_CHARACTERS = 128;
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final String name;
    private final Rate rate;
    private final Function<? super Request, Optional<String>> key;
    private final RateLimitStore store;
    private final String policy;

    private RateLimit(String name, Rate rate, Function<? super Request, Optional<String>> key, RateLimitStore store) {
        this.name = name;
        this.rate = rate;
        this.key = key;
        this.store = store;
        policy = "\"%s\";q=%d;w=%d".formatted(name, rate.requests(), seconds(rate.period()));
    }

    /// So many requests of each client address, with buckets in memory.
    ///
    /// @param name of the limit, as clients see it: letters, digits, `-`, `_` and `.`. Limits of one
    /// name in one store share their buckets
    /// @param period in which an empty bucket becomes full
    /// @throws IllegalArgumentException if the name has other characters, or is longer than 64; or as
    /// [Rate]
    public static RateLimit of(String name, int requests, Duration period) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "RateLimit.of: \"%s\" is no name of 1 to 64 letters, digits and -_.".formatted(name));
        }
        return new RateLimit(name, new Rate(requests, period), _ -> Optional.empty(), RateLimitStore.inMemory());
    }

    /// The same for each user, as a guard before it has found out: the variable `REMOTE_USER`.
    /// Requests without one are counted by their address.
    public RateLimit byUser() {
        return by(request -> request.environ().text("REMOTE_USER"));
    }

    /// The same by a key of your own: an API key, a tenant, a form's field. It may have any length: of
    /// a long one a digest is kept.
    ///
    /// @param other a request's key; empty to count it by its address
    public RateLimit by(Function<? super Request, Optional<String>> other) {
        return new RateLimit(name, rate, other, store);
    }

    /// The same with its buckets in another store.
    public RateLimit in(RateLimitStore other) {
        return new RateLimit(name, rate, key, other);
    }

    /// @throws TooManyRequests if the client has no request left
    @Override
    public Optional<? extends Application> check(Request request, Rule<?> rule) throws Exception {
        RateLimitStore.Bucket bucket = take(request);
        if (!bucket.allowed()) {
            throw refusal(bucket);
        }
        return Optional.empty();
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            RateLimitStore.Bucket bucket;
            try {
                bucket = take(new Request(environ));
            } catch (HttpException e) {
                return e.call(environ, startResponse);
            }
            if (!bucket.allowed()) {
                return refusal(bucket).call(environ, startResponse);
            }
            return inner.call(environ, StartResponse.mapping(startResponse, (_, headers) -> {
                headers.add("RateLimit-Policy", policy);
                headers.add("RateLimit", remaining(bucket, bucket.full()));
            }));
        });
    }

    private RateLimitStore.Bucket take(Request request) throws Exception {
        Optional<String> own = key.apply(request);
        String client = own.isPresent() ? "key:" + shortened(own.get()) : address(request);
        return store.take(name + "|" + client, rate);
    }

    private String address(Request request) {
        String address = ClientAddress.key(request.environ());
        if (address.isEmpty() && WARNED.compareAndSet(false, true)) {
            LOGGER.log(
                    Level.WARNING,
                    "the limit \"{0}\" counts requests without a client address as one client''s: does a proxy on a"
                            + " unix socket tell it, and is it trusted (ProxyFix)?",
                    name);
        }
        return address;
    }

    private static String shortened(String key) {
        if (key.length() <= MOST_CHARACTERS) {
            return key;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }

    private TooManyRequests refusal(RateLimitStore.Bucket bucket) {
        Duration wait = Duration.ofSeconds(Math.max(1, seconds(bucket.next())));
        return new TooManyRequests(wait, Headers.of("RateLimit-Policy", policy, "RateLimit", remaining(bucket, wait)));
    }

    private String remaining(RateLimitStore.Bucket bucket, Duration until) {
        return "\"%s\";r=%d;t=%d".formatted(name, bucket.remaining(), seconds(until));
    }

    /// Rounded up.
    private static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    /// `RateLimit login: 10 in PT1M`
    @Override
    public String toString() {
        return "RateLimit " + name + ": " + rate;
    }
}

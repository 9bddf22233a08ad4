package dev.loomgate.toolkit.sessions;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.variants.Vary;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives each request a [Session], and each client a cookie that it is found by.
///
/// ```java
/// Application site = Sessions.signed(newKey, oldKey).withSecureCookie().wrap(application);
/// Application shop = Sessions.stored(SessionStore.inMemory()).wrap(application);
/// ```
///
/// **Signed**: the contents are in the cookie, as JSON, with an HMAC-SHA-256: the client can read them, and not
/// change them; up to about 3 KB of JSON. The server keeps nothing, so it can't end a session early: a copy of
/// the cookie stays valid after a logout, and of two requests at once the last response wins, even if it undoes a
/// login or a logout. Where that matters, use a store. **Stored**: the cookie is a
/// random name, and the contents are in a [SessionStore].
///
/// A session that isn't used sends no cookie; one that is used adds `Vary: Cookie`. The cookie is sent when the
/// contents have changed, and when half their time is over, so a user who comes back in time keeps the session. It
/// has `HttpOnly`, `SameSite=Lax` and `Path=/`.
///
/// **Two requests at once** of a stored session: each keeps the values that it changed, and of one value that both
/// changed the last is kept. A session that one of them has ended ([Session#clear]) or renewed ([Session#renew]) is
/// not brought back by the other, whose changes are dropped, and which sends no cookie; but one that renews it has a
/// new session of what it has put itself. Several servers need a store whose [SessionStore#replace] is one step.
///
/// **Two cookies of that name**, as of another path or of the parent domain: the first that is a session is taken,
/// of up to 32 that look like one. Who can set cookies for the parent domain can put such a session before the
/// client's own; a cookie named `__Host-session` keeps them out (RFC 6265bis section 4.1.3.2).
///
/// **Other languages.** A Python application doesn't see a Java object. Told [#asShared], it finds the contents as
/// JSON in its environ's `LOOMGATE_SESSION`, and changes them by a response header `Loomgate-Session` of JSON,
/// which goes no further:
/// ```python
/// session = json.loads(environ["LOOMGATE_SESSION"])
/// session["user"] = 42
/// start_response("200 OK", [("Loomgate-Session", json.dumps(session))])
/// ```
///
/// Immutable: each method returns a new one.
public final class Sessions implements Middleware {
    /// The variable that shows a session that is [#asShared].
    public static final String SHARED_VARIABLE = "LOOMGATE_SESSION";

    /// The response header that changes a session that is [#asShared].
    public static final String SHARED_HEADER = "Loomgate-Session";

    // What browsers take of a name and a value is 4096 bytes (RFC 6265 section 6.1).
    private static final int MAX_COOKIE_BYTES = 4096;
    private static final int MAX_STORED_BYTES = 64 << 10;

    // Each costs a look into the store, or a signature to verify. Browsers keep some 50 to 180 cookies of a site.
    private static final int MOST_CANDIDATES = 32;

    private record Settings(Cookie cookie, Duration maxAge, boolean shared, int maxBytes, InstantSource clock) {}

    private final SessionKeeper keeper;
    private final Settings settings;

    private Sessions(SessionKeeper keeper, Settings settings) {
        this.keeper = keeper;
        this.settings = settings;
    }

    /// Sessions in signed cookies.
    ///
    /// @param keys secrets of at least 16 bytes; the first one signs, and each of them verifies
    /// @throws IllegalArgumentException if there is none, or a short one
    public static Sessions signed(String... keys) {
        return new Sessions(
                new SessionInCookie(new SignedText("loomgate session", List.of(keys))), settings(MAX_COOKIE_BYTES));
    }

    /// Sessions in a store.
    public static Sessions stored(SessionStore store) {
        return new Sessions(new SessionInStore(store), settings(MAX_STORED_BYTES));
    }

    /// Sessions in a store, and in the cookie their names, signed: the store is then asked for
    /// no name that a client made up.
    ///
    /// @param keys secrets of at least 16 bytes; the first one signs, and each of them verifies. To change
    /// the key, put a new one first, and take the old one away once the sessions' time is over
    /// @throws IllegalArgumentException if there is none, or a short one
    public static Sessions stored(SessionStore store, String... keys) {
        return new Sessions(
                new SignedNames(new SessionInStore(store), new SignedText("loomgate session name", List.of(keys))),
                settings(MAX_STORED_BYTES));
    }

    private static Settings settings(int maxBytes) {
        Cookie cookie = Cookie.of("session", "").withHttpOnly().withSameSite(Cookie.SameSite.LAX);
        return new Settings(cookie, Duration.ofDays(14), false, maxBytes, InstantSource.system());
    }

    /// How long a session lasts that isn't used: 14 days by default.
    public Sessions withMaxAge(Duration maxAge) {
        return with(settings.cookie, maxAge, settings.shared, settings.clock);
    }

    /// The cookie's name and attributes; its value and its age are set here. For `__Host-session`, say that and
    /// [Cookie#withSecure].
    public Sessions withCookie(Cookie cookie) {
        return with(cookie, settings.maxAge, settings.shared, settings.clock);
    }

    /// Sends the cookie over HTTPS only.
    public Sessions withSecureCookie() {
        return withCookie(settings.cookie.withSecure());
    }

    /// Shows the session to applications that aren't in Java, and lets them change it.
    public Sessions asShared() {
        return with(settings.cookie, settings.maxAge, true, settings.clock);
    }

    Sessions withClock(InstantSource clock) {
        return with(settings.cookie, settings.maxAge, settings.shared, clock);
    }

    private Sessions with(Cookie cookie, Duration maxAge, boolean shared, InstantSource clock) {
        return new Sessions(keeper, new Settings(cookie, maxAge, shared, settings.maxBytes, clock));
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            String header = environ.text("HTTP_COOKIE", "");
            RequestSession session = new RequestSession(() -> find(header));
            environ.put(Session.KEY, session);
            try {
                if (settings.shared) {
                    environ.put(SHARED_VARIABLE, new String(session.json(), StandardCharsets.UTF_8));
                }
                return inner.call(environ, new Start(session, startResponse));
            } catch (HttpException e) {
                if (!session.wasRefused(e)) {
                    throw e;
                }
                return e.call(environ, startResponse);
            }
        });
    }

    private SessionKeeper.@Nullable Kept find(String header) {
        List<String> candidates = candidates(header);
        Instant now = settings.clock.instant();
        for (int i = 0; i < candidates.size(); i++) {
            Optional<SessionKeeper.Kept> kept =
                    keeper.find(candidates.get(i), candidates.subList(i + 1, candidates.size()), settings.maxAge, now);
            if (kept.isPresent()) {
                return kept.get();
            }
        }
        // A new session's cookie would be kept by the client in place of that which it got from its login.
        return candidates.stream()
                .filter(keeper::isRenewed)
                .findFirst()
                .map(name -> SessionKeeper.Kept.gone(name, now))
                .orElse(null);
    }

    /// The cookies that may be a session, each once.
    private List<String> candidates(String header) {
        Set<String> candidates = new LinkedHashSet<>();
        CookieHeader.parse(header, (name, value) -> {
            if (name.equals(settings.cookie.name())
                    && candidates.size() < MOST_CANDIDATES
                    && keeper.isPossible(value)) {
                candidates.add(value);
            }
        });
        return List.copyOf(candidates);
    }

    /// The response's start, where the session is kept.
    private final class Start implements StartResponse {
        private final RequestSession session;
        private final StartResponse inner;
        private boolean started;
        private Optional<Cookie> cookie = Optional.empty();

        Start(RequestSession session, StartResponse inner) {
            this.session = session;
            this.inner = inner;
            inner.viewedBy(this);
        }

        @Override
        public void viewedBy(StartResponse view) {
            inner.viewedBy(view);
        }

        @Override
        public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
            if (settings.shared) {
                Optional<String> changed = headers.first(SHARED_HEADER);
                headers.remove(SHARED_HEADER);
                if (!started) {
                    changed.ifPresent(session::replace);
                }
            }
            boolean first = !started;
            // What is started by an error, in place of this, has its session kept already; or it can't be kept.
            started = true;
            if (session.asked()) {
                Vary.add(headers, "Cookie");
                if (first) {
                    try {
                        cookie = keep();
                    } catch (HttpException e) {
                        throw session.refused(e);
                    }
                }
            }
            cookie.ifPresent(changed -> headers.add("Set-Cookie", changed.header()));
            inner.start(status, headers, cause);
        }

        private Optional<Cookie> keep() {
            Optional<SessionChange> change = session.start();
            SessionKeeper.Kept kept = session.kept();
            Instant now = settings.clock.instant();
            if (kept == null) {
                return change.filter(made -> !made.put().isEmpty()).map(made -> made(made, now));
            }
            if (session.ended()) {
                keeper.end(kept);
                return Optional.of(deleted());
            }
            boolean ageing = now.isAfter(kept.since().plus(settings.maxAge.dividedBy(2)));
            if (change.isEmpty() && !ageing) {
                return Optional.empty();
            }
            SessionChange done = change.orElse(SessionChange.NONE);
            return switch (keeper.change(kept, done, settings.maxAge, now, this::checkSize)) {
                case SessionKeeper.Outcome.Keeps keeps -> Optional.of(cookie(keeps.cookie()));
                case SessionKeeper.Outcome.Ended _ -> Optional.of(deleted());
                case SessionKeeper.Outcome.Lost _ -> Optional.empty();
            };
        }

        private Cookie made(SessionChange change, Instant now) {
            byte[] json = SessionJson.write(change.put());
            checkSize(json.length);
            return cookie(keeper.keep(json, settings.maxAge, now));
        }

        private Cookie cookie(String value) {
            checkSize(settings.cookie.name().length() + 1 + value.length());
            return settings.cookie.withValue(value).withMaxAge(settings.maxAge);
        }

        private Cookie deleted() {
            return settings.cookie.withMaxAge(Duration.ZERO).withExpires(Instant.EPOCH);
        }

        private void checkSize(int bytes) {
            if (bytes > settings.maxBytes) {
                throw new IllegalStateException("session: %s takes %d bytes, over %d: keep less in it%s (it has %s)"
                        .formatted(
                                keeper instanceof SessionInCookie ? "its cookie" : "it",
                                bytes,
                                settings.maxBytes,
                                keeper instanceof SessionInCookie ? ", or keep it in a store (Sessions.stored)" : "",
                                session.names()));
            }
        }
    }
}

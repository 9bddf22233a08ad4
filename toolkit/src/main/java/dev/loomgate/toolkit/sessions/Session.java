package dev.loomgate.toolkit.sessions;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an application remembers of one client from request to request: values by their names, kept by [Sessions].
///
/// ```java
/// Session session = Session.of(request.environ());
/// session.put("user", 42);
/// int user = session.get("user", Integer.class).orElseThrow(Unauthorized::new);
/// ```
///
/// A value is what JSON has: texts, numbers, truth values, lists, maps, and records of these. It is read when it
/// is first asked for; a request that never asks costs nothing. Changes are kept when the response starts: so not
/// from within a streamed body. Of a session that is stored, the values that this request changed are kept, and the
/// others stay as other requests have left them; if one of those has ended or renewed the session, nothing is kept.
/// Belongs to the thread that runs the application.
public final class Session {
    /// Where the environ holds the session.
    public static final String KEY = "loomgate.session";

    private final Function<Session, SessionKeeper.@Nullable Kept> finder;
    private boolean asked;
    private boolean cleared;
    private boolean renewed;
    private boolean started;
    private SessionKeeper.@Nullable Kept kept;
    private Map<String, Object> values = new LinkedHashMap<>();

    Session(Function<Session, SessionKeeper.@Nullable Kept> finder) {
        this.finder = finder;
    }

    /// The session of a request.
    ///
    /// @throws IllegalStateException if there is no [Sessions] before the application
    public static Session of(Environ environ) {
        if (environ.get(KEY) instanceof Session session) {
            return session;
        }
        throw new IllegalStateException("the request has no session: wrap the application by Sessions");
    }

    /// The value of that name, as a value of this type; empty if there is none.
    ///
    /// @throws IllegalStateException if it can't be one
    public <T> Optional<T> get(String name, Class<T> type) {
        Object value = values().get(name);
        if (value == null || type.isInstance(value)) {
            return Optional.ofNullable(type.cast(value));
        }
        try {
            return Optional.of(type.cast(SessionJson.CODEC.read(SessionJson.write(value), type)));
        } catch (HttpException e) {
            throw new IllegalStateException(
                    "the session's \"%s\" is no %s: %s".formatted(name, type.getSimpleName(), e.description()), e);
        }
    }

    /// The text of that name; empty if there is none.
    ///
    /// @throws IllegalStateException if it is no text
    public Optional<String> get(String name) {
        return get(name, String.class);
    }

    /// Sets a value.
    ///
    /// @throws IllegalArgumentException if it can't be written as JSON
    /// @throws IllegalStateException if the response has been started
    public Session put(String name, Object value) {
        SessionJson.write(value);
        changeable().put(name, value);
        return this;
    }

    /// Removes a value; returns whether there was one.
    ///
    /// @throws IllegalStateException if the response has been started
    public boolean remove(String name) {
        return changeable().remove(name) != null;
    }

    /// Removes all values, and ends the session if none is put afterwards: the client's cookie is then deleted, and
    /// what a store had, with whatever else the client came with under the cookie's name.
    ///
    /// @throws IllegalStateException if the response has been started
    public Session clear() {
        changeable().clear();
        cleared = true;
        return this;
    }

    /// Gives the session another name in its store. To be called when somebody logs in: what a stranger may have
    /// known of the session before is worth nothing then (session fixation), nor is a further cookie of that name
    /// that somebody has given the client.
    ///
    /// @throws IllegalStateException if the response has been started
    public Session renew() {
        changeable();
        renewed = true;
        return this;
    }

    /// The names of all values.
    public Set<String> names() {
        return Set.copyOf(values().keySet());
    }

    /// Whether there is no value at all.
    public boolean isEmpty() {
        return values().isEmpty();
    }

    /// Whether anybody has asked for it.
    boolean asked() {
        return asked;
    }

    /// Whether all that there was is to go, and nothing has come in its place.
    boolean ended() {
        return cleared && values.isEmpty();
    }

    SessionKeeper.@Nullable Kept kept() {
        return kept;
    }

    /// From now on, nobody changes it. Returns what was done to it; null if nothing was.
    @Nullable
    SessionChange start() {
        started = true;
        byte[] before = kept == null ? SessionJson.write(Map.of()) : kept.json();
        if (!renewed && !cleared && Arrays.equals(before, SessionJson.write(values))) {
            return null;
        }
        return SessionChange.between(kept == null ? Map.of() : kept.read(), values, cleared, renewed);
    }

    byte[] json() {
        return SessionJson.write(values());
    }

    /// Takes contents from outside Java.
    ///
    /// @throws IllegalStateException if they are no JSON object
    void replace(String json) {
        changeable();
        values = SessionJson.read(json.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("the response's " + Sessions.SHARED_HEADER
                        + " is no JSON object, and should be the session's values: " + Quoting.printable(json)));
        cleared |= values.isEmpty();
    }

    private Map<String, Object> changeable() {
        if (started) {
            throw new IllegalStateException(
                    "the session is changed after the response was started: its cookie has gone out already");
        }
        return values();
    }

    private Map<String, Object> values() {
        if (!asked) {
            asked = true;
            kept = finder.apply(this);
            if (kept != null) {
                values = kept.values();
            }
        }
        return values;
    }

    /// The names of the values, not the values: they may be secret.
    @Override
    public String toString() {
        return asked ? "Session" + values.keySet() : "Session, not read";
    }
}

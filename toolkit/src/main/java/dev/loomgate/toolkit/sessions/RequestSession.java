package dev.loomgate.toolkit.sessions;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The session of one request: read when it is first asked for, and compared with what it was when the response
/// starts.
final class RequestSession implements Session {
    private final Supplier<SessionKeeper.@Nullable Kept> finder;
    private boolean asked;
    private boolean cleared;
    private boolean renewed;
    private boolean started;
    private SessionKeeper.@Nullable Kept kept;
    private @Nullable HttpException refusal;
    private Map<String, Object> values = new LinkedHashMap<>();

    RequestSession(Supplier<SessionKeeper.@Nullable Kept> finder) {
        this.finder = finder;
    }

    @Override
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

    @Override
    public RequestSession put(String name, Object value) {
        SessionJson.write(value);
        changeable().put(name, value);
        return this;
    }

    @Override
    public boolean remove(String name) {
        return changeable().remove(name) != null;
    }

    @Override
    public RequestSession clear() {
        changeable().clear();
        cleared = true;
        return this;
    }

    @Override
    public RequestSession renew() {
        // Who knew the session knew its token.
        changeable().remove(CSRF_TOKEN);
        renewed = true;
        return this;
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(values().keySet());
    }

    @Override
    public boolean isEmpty() {
        return values().isEmpty();
    }

    /// Whether it has been asked for.
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

    /// Remembers that the store can't be asked, and that this is the request's answer.
    HttpException refused(HttpException answer) {
        refusal = answer;
        return answer;
    }

    /// Whether the store gave that answer.
    boolean wasRefused(HttpException answer) {
        return refusal == answer;
    }

    /// From now on, nobody changes it. Returns what was done to it; empty if nothing was.
    Optional<SessionChange> start() {
        started = true;
        byte[] before = kept == null ? SessionJson.write(Map.of()) : kept.json();
        if (!renewed && !cleared && Arrays.equals(before, SessionJson.write(values))) {
            return Optional.empty();
        }
        return Optional.of(SessionChange.between(kept == null ? Map.of() : kept.read(), values, cleared, renewed));
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
            try {
                kept = finder.get();
            } catch (HttpException e) {
                throw refused(e);
            }
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

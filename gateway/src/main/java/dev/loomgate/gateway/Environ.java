package dev.loomgate.gateway;

import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request, as PEP 3333's `environ`: a mutable map of CGI variables and `wsgi.*` objects, with typed accessors
/// on top.
///
/// | key | type | what |
/// |---|---|---|
/// | `REQUEST_METHOD` | String | `GET`; never empty |
/// | `SCRIPT_NAME` | String | the application's own part of the path; empty or begins with `/` |
/// | `PATH_INFO` | String | the rest of the path, percent-decoded UTF-8; empty or begins with `/` |
/// | `REQUEST_URI` | String | the request target as it came, undecoded |
/// | `QUERY_STRING` | String | what follows the `?`, undecoded; may be empty |
/// | `CONTENT_TYPE`, `CONTENT_LENGTH` | String | the header fields; absent where there is none |
/// | `SERVER_NAME`, `SERVER_PORT`, `SERVER_PROTOCOL` | String | never empty |
/// | `REMOTE_ADDR`, `REMOTE_PORT` | String | the peer; absent where there is none, as on a unix socket |
/// | `HTTP_*` | String | the other header fields, repeated ones joined |
/// | `wsgi.input` | InputStream | the body; always ends, never blocks an event loop |
/// | `wsgi.input_terminated` | Boolean | true: reading until the end is safe |
/// | `wsgi.errors` | PrintWriter | lines for the server's log |
/// | `wsgi.url_scheme` | String | `http` or `https` |
/// | `wsgi.multithread`, `wsgi.multiprocess`, `wsgi.run_once` | Boolean | as in PEP 3333 |
/// | `loomgate.client_gone` | CompletionStage | completed when the client leaves: see [#clientGone] |
/// | `loomgate.stopping` | CompletionStage | completed when the server stops, with a Duration: see [#stopping] |
/// | `loomgate.websocket` | WebSocketHandshake | there if the application may open a WebSocket: see [#webSocket] |
/// | `loomgate.early_hints` | EarlyHints | sends links ahead of the response: see [#earlyHints] |
/// | `loomgate.request_id` | LogId | names the request in logs: see [#requestId] |
/// | `loomgate.trailers` | Trailers | sends fields after the content: see [#trailers] |
/// | `loomgate.offload` | Offload | runs blocking work elsewhere: see [#offload] |
/// | `loomgate.log_variables` | Map | shown in the request's line of the access log: see [#logVariables] |
///
/// Variables come from the container's [Variables] until the map is changed or walked through, so looking one up
/// is cheap and the others are never decoded. The call that gets an environ owns it: no use by two threads at
/// once.
///
/// Source: PEP 3333, "environ Variables"; RFC 3875 section 4.1.
public final class Environ extends AbstractMap<String, Object> {
    private static final int MAX_LENGTH_DIGITS = 18;

    private @Nullable Variables source;
    private @Nullable Map<String, Object> own;

    /// An empty environ, to be filled.
    public Environ() {
        this(null, new LinkedHashMap<>());
    }

    /// An environ whose variables are decoded when they are asked for.
    public Environ(Variables source) {
        this(source, null);
    }

    private Environ(@Nullable Variables source, @Nullable Map<String, Object> own) {
        this.source = source;
        this.own = own;
    }

    /// An environ of its own with the same variables: what a middleware passes on when it wants to change some. It
    /// decodes nothing; the values are shared.
    public Environ copy() {
        return new Environ(source, own == null ? null : new LinkedHashMap<>(own));
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (own != null) {
            Object value = own.get(key);
            if (value != null || source == null) {
                return value;
            }
        }
        return source != null && key instanceof String name ? source.get(name) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    /// Sets a variable, without decoding the others.
    ///
    /// @throws NullPointerException if the key or the value is null: an environ has a variable or has it not
    @Override
    public @Nullable Object put(String key, Object value) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, key);
        Object before = get(key);
        if (own == null) {
            own = new LinkedHashMap<>();
        }
        own.put(key, value);
        return before;
    }

    /// Removes a variable; decodes the others.
    @Override
    public @Nullable Object remove(@Nullable Object key) {
        return all().remove(key);
    }

    /// All variables; decodes them.
    @Override
    public Set<Entry<String, Object>> entrySet() {
        return all().entrySet();
    }

    private Map<String, Object> all() {
        Map<String, Object> all = own == null ? new LinkedHashMap<>() : own;
        if (source != null) {
            source.forEach(all::putIfAbsent);
            source = null;
        }
        own = all;
        return all;
    }

    /// Calls `action` for every variable that is text, once, in no particular order, without keeping what it
    /// decodes: for a gateway to another process.
    public void forEachText(BiConsumer<? super String, ? super String> action) {
        Map<String, Object> changed = own;
        if (changed != null) {
            changed.forEach((key, value) -> {
                if (value instanceof String text) {
                    action.accept(key, text);
                }
            });
        }
        if (source != null) {
            source.forEachText(changed == null ? action : new ChangedFields(changed).variables(action));
        }
    }

    /// As [Variables#forEachUndecoded], while nothing has been changed.
    public boolean forEachUndecoded(Variables.Undecoded action) {
        return own == null && source != null && source.forEachUndecoded(action);
    }

    /// As [Variables#forEachApart]: what has been put is given in place of the field or variable of that name.
    ///
    /// @return false if the fields are unavailable, also once the map has been walked through
    public boolean forEachApart(BiConsumer<? super String, ? super String> variable, Variables.Undecoded field) {
        Variables from = source;
        Map<String, Object> changed = own;
        if (from == null || changed == null) {
            return from != null && from.forEachApart(variable, field);
        }
        ChangedFields changes = new ChangedFields(changed);
        if (!from.forEachApart(changes.variables(variable), changes.fields(field))) {
            return false;
        }
        changes.give(variable, field);
        return true;
    }

    /// A variable that is text.
    ///
    /// @throws IllegalStateException if it is there and not a String
    public Optional<String> text(String key) {
        return Optional.ofNullable(textOrNull(key));
    }

    /// A variable that is text, or `otherwise`.
    ///
    /// @throws IllegalStateException if it is there and not a String
    public String text(String key, String otherwise) {
        String value = textOrNull(key);
        return value == null ? otherwise : value;
    }

    private @Nullable String textOrNull(String key) {
        Object value = get(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new IllegalStateException("environ's %s is not a String but a %s"
                .formatted(key, value.getClass().getName()));
    }

    /// `REQUEST_METHOD`.
    public String method() {
        return required("REQUEST_METHOD", String.class);
    }

    /// `SCRIPT_NAME`.
    public String scriptName() {
        return text("SCRIPT_NAME", "");
    }

    /// `PATH_INFO`: the path below the application, decoded.
    public String path() {
        return text("PATH_INFO", "");
    }

    /// `REQUEST_URI`: the request target as it came, undecoded; empty where the container has none.
    public String requestUri() {
        return text("REQUEST_URI", "");
    }

    /// `QUERY_STRING`, undecoded.
    public String queryString() {
        return text("QUERY_STRING", "");
    }

    /// `CONTENT_TYPE`.
    public Optional<String> contentType() {
        return text("CONTENT_TYPE");
    }

    /// `CONTENT_LENGTH` in bytes; empty for a request without one (no body, or a chunked one).
    ///
    /// @throws IllegalStateException if it isn't 1 to 18 decimal digits; a container refuses such a request itself
    public OptionalLong contentLength() {
        String length = text("CONTENT_LENGTH", "");
        if (length.isEmpty()) {
            return OptionalLong.empty();
        }
        // parseLong alone takes signs, and the digits of every script
        if (length.chars().allMatch(c -> c >= '0' && c <= '9') && length.length() <= MAX_LENGTH_DIGITS) {
            return OptionalLong.of(Long.parseLong(length));
        }
        throw new IllegalStateException("CONTENT_LENGTH is not a number of bytes: " + Quoting.printable(length));
    }

    /// `wsgi.url_scheme`: `http` or `https`.
    public String scheme() {
        return required("wsgi.url_scheme", String.class);
    }

    /// `SERVER_NAME`.
    public String serverName() {
        return required("SERVER_NAME", String.class);
    }

    /// `SERVER_PORT`, as PEP 3333 has it: text.
    public String serverPort() {
        return required("SERVER_PORT", String.class);
    }

    /// `SERVER_PROTOCOL`, such as `HTTP/1.1`.
    public String protocol() {
        return required("SERVER_PROTOCOL", String.class);
    }

    /// `REMOTE_ADDR`: the peer's address, or the one that nginx passed on.
    public Optional<String> remoteAddress() {
        return text("REMOTE_ADDR");
    }

    /// A header field of the request by its HTTP name: `header("Accept-Language")` is `HTTP_ACCEPT_LANGUAGE`.
    public Optional<String> header(String name) {
        return text(keyOf(name));
    }

    /// The variable that holds a header field: `HTTP_ACCEPT_LANGUAGE` for `Accept-Language`.
    public static String keyOf(String headerName) {
        StringBuilder key = new StringBuilder(5 + headerName.length()).append("HTTP_");
        for (int i = 0; i < headerName.length(); i++) {
            char c = headerName.charAt(i);
            key.append(c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        return switch (key.toString()) {
            case "HTTP_CONTENT_TYPE" -> "CONTENT_TYPE";
            case "HTTP_CONTENT_LENGTH" -> "CONTENT_LENGTH";
            case String other -> other;
        };
    }

    /// `wsgi.input`: the request's body. It ends where the body ends; a read waits without blocking an event loop.
    public InputStream input() {
        return required("wsgi.input", InputStream.class);
    }

    /// `wsgi.errors`: lines for the server's log.
    public PrintWriter errors() {
        return required("wsgi.errors", PrintWriter.class);
    }

    /// `loomgate.client_gone`: completed, with null, when the client closes its connection before the response is
    /// complete, or has ended its side of it some time ago; else never. Empty where the container can't tell. An
    /// application whose time is over, by a limit of the server or at its stop, is interrupted instead.
    ///
    /// For an application that waits for something else than the client: one that reads or writes gets a
    /// [ClientGone]. Actions that depend on the stage run in a microthread of their own.
    /// ```java
    /// environ.clientGone().ifPresent(gone -> gone.thenRun(query::cancel));
    /// ```
    /// A client that has only ended its side can still be answered, and is; over TCP nothing tells the two apart
    /// before something is written, so it is given some time for the answer. It may be
    /// noticed late: the server doesn't read on while the application leaves a large body unread.
    public Optional<CompletionStage<?>> clientGone() {
        return get("loomgate.client_gone") instanceof CompletionStage<?> gone ? Optional.of(gone) : Optional.empty();
    }

    /// `loomgate.stopping`: completed as soon as the server stops, with the time that the request then gets, before it
    /// is interrupted; never if the response is complete before. Empty where the container doesn't tell.
    ///
    /// For a response that has no end of its own, such as server-sent events, and for one that waits for something
    /// without which it can answer, too. Actions that depend on the stage run in a microthread of their own.
    /// ```java
    /// environ.stopping().ifPresent(stopping -> stopping.thenRun(queue::finish));
    /// ```
    @SuppressWarnings("unchecked") // a container gives no other stage
    public Optional<CompletionStage<Duration>> stopping() {
        return get("loomgate.stopping") instanceof CompletionStage<?> stage
                ? Optional.of((CompletionStage<Duration>) stage)
                : Optional.empty();
    }

    /// `loomgate.websocket`: there if this request asks for a WebSocket and the container can serve one. Without it the
    /// application answers as it likes, and can't accept.
    public Optional<WebSocketHandshake> webSocket() {
        return get("loomgate.websocket") instanceof WebSocketHandshake handshake
                ? Optional.of(handshake)
                : Optional.empty();
    }

    /// `loomgate.early_hints`: sends links ahead of the response, where the client's protocol has a place for
    /// them. Where it has none, sending does nothing.
    public EarlyHints earlyHints() {
        return get("loomgate.early_hints") instanceof EarlyHints hints ? hints : EarlyHints.NONE;
    }

    /// `loomgate.offload`: runs work that holds its thread where no other request waits for it. Where the container has
    /// no such place, the work runs in the calling thread.
    public Offload offload() {
        return get("loomgate.offload") instanceof Offload offload ? offload : Offload.HERE;
    }

    /// `loomgate.request_id`: what names the request in the container's logs, from the header field X-Request-ID or
    /// made by the container, which does so when it is asked for. Empty where the container has none.
    ///
    /// For a request that one makes of another server, and for what is logged in other threads:
    /// ```java
    /// environ.requestId().ifPresent(id -> call.header("X-Request-ID", id.text()));
    /// ```
    public Optional<LogId> requestId() {
        return get("loomgate.request_id") instanceof LogId id ? Optional.of(id) : Optional.empty();
    }

    /// `loomgate.trailers`: fields that follow the content, where the client takes such (`TE: trailers`). Where it
    /// doesn't, setting them does nothing.
    public Trailers trailers() {
        return get("loomgate.trailers") instanceof Trailers trailers ? trailers : Trailers.NONE;
    }

    /// `loomgate.log_variables`: text by name that the container shows in the request's line of its access log.
    /// What is put there before the response is complete is seen; may be done by any thread. Where the container
    /// has no such map, this one is ignored.
    /// ```java
    /// environ.logVariables().put("user", name);
    /// ```
    @SuppressWarnings("unchecked") // a container gives no other map
    public Map<String, String> logVariables() {
        return get("loomgate.log_variables") instanceof Map<?, ?> variables
                ? (Map<String, String>) variables
                : new LinkedHashMap<>();
    }

    /// `loomgate.route`: tells the container by which template the request was routed, `/user/<int:id>`, and
    /// never by its path: requests are counted by it. The last word before the response is complete counts.
    /// Does nothing where the container doesn't count.
    ///
    /// @param template below the application, whose `SCRIPT_NAME` is put before it
    @SuppressWarnings("unchecked") // a container gives no other consumer
    public void routed(String template) {
        if (get("loomgate.route") instanceof Consumer<?> route) {
            String mount = scriptName();
            ((Consumer<String>) route).accept(mount.isEmpty() ? template : mount + template);
        }
    }

    private <T> T required(String key, Class<T> type) {
        Object value = get(key);
        if (value == null) {
            throw new IllegalStateException("environ has no " + key);
        }
        if (!type.isInstance(value)) {
            throw new IllegalStateException("environ's %s is not a %s but a %s"
                    .formatted(key, type.getSimpleName(), value.getClass().getName()));
        }
        return type.cast(value);
    }
}
